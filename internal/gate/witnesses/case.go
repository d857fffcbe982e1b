package witnesses

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"math/big"
	"time"

	"github.com/sekisho/sekisho"
)

// State is how far a case is.
type State string

// States of a case. The zero value allows nothing.
const (
	Taken     State = "taken"     // a witness took it; the person has not agreed yet
	Watched   State = "watched"   // pictures flow
	Offered   State = "offered"   // the PC has made an enrolment, which the witness may confirm
	Confirmed State = "confirmed" // the PC may store just that enrolment
	Refused   State = "refused"   // by the witness
	Ended     State = "ended"     // by silence, or by the person
	Used      State = "used"      // the enrolment is stored
)

// live says whether pictures may flow, or soon.
func (s State) live() bool { return s == Taken || s == Watched || s == Offered }

// Hands and places of a request.
var (
	hands  = []string{"left", "right"}
	places = []string{"cheek", "forehead", "shoulder"}
)

const maxFingers = 5

// Request is what the person is to do before the camera, one of 30.
type Request struct {
	Hand    string `json:"hand"`    // left, right: the person's own
	Fingers int    `json:"fingers"` // 1–5
	Place   string `json:"place"`   // beside the cheek, before the forehead, over the shoulder
}

func newRequest() Request {
	return Request{Hand: hands[below(len(hands))], Fingers: 1 + below(maxFingers), Place: places[below(len(places))]}
}

func below(n int) int {
	v, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic("witnesses: no random numbers: " + err.Error()) // crypto/rand never fails
	}
	return int(v.Int64())
}

// Case is one enrolment that is watched.
type Case struct {
	Approval   sekisho.ApprovalID `json:"approval"`
	Run        string             `json:"run"` // of one witness's taking it; another one is another run
	Person     sekisho.PersonID   `json:"person"`
	Device     sekisho.DeviceID   `json:"device"`
	Connection string             `json:"connection"`
	Witness    sekisho.PersonID   `json:"witness"`
	Old        sekisho.DeviceID   `json:"old"`      // the PC that this one replaces; ""
	OldFace    string             `json:"old_face"` // what the witness has seen of the older picture: hash of the record, and of what officers sealed to him; ""
	Request    Request            `json:"request"`
	Commitment string             `json:"commitment"`
	Model      string             `json:"model"`
	Picture    string             `json:"picture"` // hash of the sealed picture
	State      State              `json:"-"`
	Reason     string             `json:"-"` // a code: why it was refused or ended
	At         time.Time          `json:"-"` // of the state
}

// LogValue hides the case: it says who sits where.
func (Case) LogValue() slog.Value { return slog.StringValue("[hidden]") }

// Digest names what the witness confirms, in lowercase hex; "" before there is
// something to confirm.
func (c Case) Digest() string {
	if c.State != Offered {
		return ""
	}
	b, err := json.Marshal(c)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(append([]byte("sekisho/witness/v1\x00"), b...))
	return hex.EncodeToString(sum[:])
}

// Offer names the enrolment that the PC has offered, in lowercase hex; "" before.
func (c Case) Offer() string {
	if c.Commitment == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(c.Commitment + "\x00" + c.Model + "\x00" + c.Picture))
	return hex.EncodeToString(sum[:])
}

// Seat is the connection of a PC that enrols.
type Seat struct {
	Person     sekisho.PersonID
	Device     sekisho.DeviceID
	Connection sekisho.ConnectionID
}

func (c Case) of(s Seat) bool {
	return s.Person != "" && c.Person == s.Person && c.Device == s.Device && c.Connection == string(s.Connection)
}

// Enrolment is what a PC has made, and the witness confirms.
type Enrolment struct {
	Commitment, Model, Picture string
}

// Reasons for which a witness refuses.
const (
	AnotherPerson = "another_person" // it becomes an incident
	NotFollowed   = "not_followed"   // the request
	Unclear       = "unclear"        // picture, light, line
)

// Refusable says whether a witness may refuse for that.
func Refusable(reason string) bool {
	return reason == AnotherPerson || reason == NotFollowed || reason == Unclear
}
