package wire

// textsGuard are the messages of the rooms of guard: what is wrong and what to do, ja and en.
var textsGuard = map[string]Text{}
