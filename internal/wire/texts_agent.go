package wire

// textsAgent are the messages of the rooms of agent: what is wrong and what to do, ja and en.
var textsAgent = map[string]Text{}
