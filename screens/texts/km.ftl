# Visitor texts.
