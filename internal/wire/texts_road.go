package wire

// textsRoad are the messages of the rooms of road: what is wrong and what to do, ja and en.
var textsRoad = map[string]Text{}
