package wire

import "github.com/sekisho/sekisho"

// MediaPort is the gateway's UDP port for the sound of calls, inside the tunnel.
const MediaPort = 5004

// LocalRelay answers POST /local/v1/phone: how the page's WebRTC reaches the
// gateway. The credentials work on this PC alone, and die with the session.
type LocalRelay struct {
	URLs       []string `json:"urls"` // turn:127.0.0.1:PORT?transport=tcp
	Username   string   `json:"username"`
	Credential string   `json:"credential"`
}

// LineOffer is POST /calls/line [live]: the page's SDP, with its candidates or without.
type LineOffer struct {
	Offer string `json:"offer"`
}

// LineAnswer is its answer: the whole SDP, with the one candidate there is.
type LineAnswer struct {
	Line   sekisho.LineID `json:"line"`
	Answer string         `json:"answer"`
}

// LineLost is the data of the event "line.replaced": this line lost its place to a
// newer one of the same person.
type LineLost struct {
	Line sekisho.LineID `json:"line"`
}
