package wire

import "github.com/sekisho/sekisho"

// The PC's own door (/local/v1 on sekisho.localhost:7777), never proxied. A page
// trades a one-use ticket for a bearer that lives in its memory.

// LocalTicket is POST /local/v1/bearer.
type LocalTicket struct {
	Ticket string `json:"ticket"`
}

// LocalBearer is its answer.
type LocalBearer struct {
	Bearer string `json:"bearer"`
}

// LocalConnect is POST /local/v1/connect; a PC that is not shared needs no body.
type LocalConnect struct {
	Login string `json:"login"` // who sits at a shared PC, in his own words
}

// LocalStatus answers GET /local/v1/status and is pushed as "status" on the guard socket.
type LocalStatus struct {
	Phase       string               `json:"phase"` // unenrolled, pending, ready, connecting, quarantine, live, black, break
	Code        string               `json:"code"`  // an error code when something stands in the way
	Title       string               `json:"title"` // its text in the page's language
	Action      string               `json:"action"`
	AssetTag    string               `json:"asset_tag"`
	Fingerprint string               `json:"fingerprint"` // shown while pending
	Server      string               `json:"server"`
	Tier        sekisho.Tier         `json:"tier"`
	Connection  sekisho.ConnectionID `json:"connection"`
	Session     sekisho.SessionID    `json:"session"`
	Engine      string               `json:"engine"` // "standard" or "demo"
	State       sekisho.State        `json:"state"`
	SinceMS     int64                `json:"since_ms"`
	Person      string               `json:"person"` // the operator's name once known
	Version     string               `json:"version"`
	Models      []LocalModel         `json:"models"`
	// Seq grows with every change while the agent runs: an answer and a message
	// that cross are put in order by it, and the older one is left aside.
	Seq uint64 `json:"seq"`
	// Again says that this PC can be enrolled anew with POST /local/v1/again: its
	// TPM has lost the key.
	Again bool `json:"again"`
	// Shared says that several people use this PC: whoever connects says who he is.
	Shared bool `json:"shared"`
}

// LocalModel is one pinned model file that the page loads from /models/{name}.
type LocalModel struct {
	Role   string `json:"role"` // detector, embedder, liveness
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// Face is one face of a frame as the page measured it. Lengths are pixels of the frame.
type Face struct {
	Box       [4]float32  `json:"box"` // x, y, width, height
	Score     float32     `json:"score"`
	Points    [10]float32 `json:"points"`    // right eye, left eye, nose, right and left mouth corner
	Embedding Bytes       `json:"embedding"` // 128 little-endian float32, unit length; empty if too small
	Live      *float32    `json:"live"`      // 0 spoof … 1 live; null if not measured on this frame
	Yaw       *float32    `json:"yaw"`       // degrees, positive to the person's left; null if unknown
	Pitch     *float32    `json:"pitch"`
	Sharpness float32     `json:"sharpness"` // variance of the Laplacian of the 112x112 crop
}

// Frame is one check: everything the agent's state machine may know of it. The
// page reports what it measured, never what it concludes.
type Frame struct {
	ID     uint64  `json:"id"`     // grows by one
	AgeMS  float32 `json:"age_ms"` // from the camera's capture time to this message
	Width  int     `json:"width"`
	Height int     `json:"height"`
	Faces  []Face  `json:"faces"`
	Luma   float32 `json:"luma"`   // mean brightness, 0…255
	Spread float32 `json:"spread"` // standard deviation of the brightness
	Change float32 `json:"change"` // mean absolute difference to the previous frame, 0…255; 0 means frozen
	Muted  bool    `json:"muted"`  // the camera's track is muted or ended
	Hidden bool    `json:"hidden"` // the page is not visible
	Camera string  `json:"camera"` // label of the camera's track
	TookMS float32 `json:"took_ms"`
	// Nonce is the last "nonce" message the page got, so that a frame cannot be prepared earlier.
	Nonce string `json:"nonce"`
}

// PageMessage is what the page sends on the guard socket (/local/v1/guard).
// The first one carries the bearer. "picture" and "screen" are followed by one binary message (JPEG).
type PageMessage struct {
	Type     string             `json:"type"` // hello, frame, alive, picture, screen, login, enrol, pose, break, resume, confirm, leave
	Bearer   string             `json:"bearer,omitempty"`
	Language string             `json:"language,omitempty"`
	Frame    *Frame             `json:"frame,omitempty"`
	Incident sekisho.IncidentID `json:"incident,omitempty"`
	FrameID  uint64             `json:"frame_id,omitempty"`
	Pose     string             `json:"pose,omitempty"` // front, left, right, up, front2
	Approval sekisho.ApprovalID `json:"approval,omitempty"`
	Watched  bool               `json:"watched,omitempty"` // enrol: a witness watches by video and confirms at the end
}

// AgentMessage is what the agent sends on the guard socket.
type AgentMessage struct {
	Type     string             `json:"type"` // welcome, status, verdict, nonce, capture, login, enrol, refused
	Status   *LocalStatus       `json:"status,omitempty"`
	Verdict  *LocalVerdict      `json:"verdict,omitempty"`
	Nonce    string             `json:"nonce,omitempty"`
	Incident sekisho.IncidentID `json:"incident,omitempty"`
	FrameID  uint64             `json:"frame_id,omitempty"`
	Login    *LocalProgress     `json:"login,omitempty"`
	Enrol    *LocalProgress     `json:"enrol,omitempty"`
	Problem  *Problem           `json:"problem,omitempty"`
}

// LocalVerdict is the guard's state as the page must show it.
type LocalVerdict struct {
	State     sekisho.State `json:"state"`
	SinceMS   int64         `json:"since_ms"`
	FrameID   uint64        `json:"frame_id"`    // the frame that was judged
	Screen    string        `json:"screen"`      // open, dim, black: open only with a live session
	Countdown int           `json:"countdown"`   // seconds until black while absent; 0 if none
	Interval  int           `json:"interval_ms"` // how soon the page should check again
	Hint      string        `json:"hint"`        // "", closer, turn_to_camera, brighter, hold_still
}

// LocalProgress tells how a login or an enrolment goes.
type LocalProgress struct {
	Step      string   `json:"step"` // looking, challenge, sending, done, failed
	Good      int      `json:"good"` // frames (login) or poses (enrolment) that counted
	Needed    int      `json:"needed"`
	Pose      string   `json:"pose"` // the pose asked for now
	Hint      string   `json:"hint"`
	Challenge string   `json:"challenge"`
	Problem   *Problem `json:"problem"`
}
