package wire

// textsGate are the messages of the rooms of gate: what is wrong and what to do, ja and en.
var textsGate = map[string]Text{}
