package wire

// A face enrolment that a supervisor in another place watches by video. Routes of
// the desk door, by the question for a witness; all in quarantine.

// Witnessing answers GET /witness/{approval} and every act on it: how far it is.
type Witnessing struct {
	State   string   `json:"state"`   // none, taken, watched, offered, confirmed, refused, ended, used
	Run     string   `json:"run"`     // of the witness who took it; another one is another run
	Witness string   `json:"witness"` // his name
	Needed  bool     `json:"needed"`  // this PC enrols with a witness by video alone: it came in the place of another
	Reason  string   `json:"reason"`  // an error code: why it was refused or ended
	Problem *Problem `json:"problem"` // its text, in the caller's language
}

// WitnessConsent is POST /witness/{approval}/consent: the person's answer to being
// seen by the witness of that run.
type WitnessConsent struct {
	Run    string `json:"run"`
	Accept bool   `json:"accept"`
}

// WitnessPicture is POST /witness/{approval}/pictures: a JPEG of at most 640 pixels
// a side and 40 KiB, at most five in a second. The newest one is held in memory for
// the witness alone.
type WitnessPicture struct {
	Run     string `json:"run"`
	Picture Bytes  `json:"picture"`
}
