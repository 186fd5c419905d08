//! The display agent: hall board, counter displays, LED panels, keypads and rating pads
