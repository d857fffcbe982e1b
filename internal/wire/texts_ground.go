package wire

// textsGround are the messages of the rooms of ground: what is wrong and what to do, ja and en.
var textsGround = map[string]Text{}
