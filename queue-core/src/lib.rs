//! The pure queue engine: commands in, events out; policy, forecast and statistics definitions
