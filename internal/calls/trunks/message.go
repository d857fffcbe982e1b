package trunks

import (
	"slices"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// Limits of a SIP message.
const (
	maxMessage = 32 << 10
	maxHeaders = 128
	maxValue   = 1024 // octets of a header that goes into our own messages
)

const allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK"

var methods = strings.Split(allowed, ", ")

// elsewhere are methods that exist and that no trunk has reason to send us.
var elsewhere = []sip.RequestMethod{sip.REGISTER, sip.SUBSCRIBE, sip.NOTIFY, sip.MESSAGE, sip.PUBLISH, sip.REFER}

// verdict is what becomes of a message: 0 is to be handled, else the status of the
// refusal; dropped has no answer.
type verdict struct {
	status  int
	headers [][2]string
}

const dropped = -1

func refuse(status int, headers ...[2]string) verdict { return verdict{status, headers} }

// readMessage parses and validates (RFC 3261 §8.2, §16.3; RFC 4475). The parser
// accepts much that no message may hold; nothing later asks again whether a header is there.
func readMessage(data []byte) (m sip.Message, v verdict) {
	defer func() {
		if recover() != nil {
			m, v = nil, refuse(dropped)
		}
	}()
	if len(data) > maxMessage {
		return nil, refuse(dropped)
	}
	m, err := sip.NewParser().ParseSIP(data)
	if err != nil {
		return nil, refuse(dropped)
	}
	switch m := m.(type) {
	case *sip.Request:
		return m, checkRequest(m)
	case *sip.Response:
		if m.StatusCode < 100 || m.StatusCode > 699 || m.SipVersion != "SIP/2.0" || !complete(m) || len(m.GetHeaders("Via")) != 1 || len(m.Headers()) > maxHeaders {
			return nil, refuse(dropped)
		}
		return m, verdict{}
	}
	return nil, refuse(dropped)
}

func checkRequest(r *sip.Request) verdict {
	if r.Via() == nil || len(r.Headers()) > maxHeaders {
		return refuse(dropped) // nowhere to answer to
	}
	silent := r.IsAck() // RFC 3261 §17: nothing answers an ACK
	v := judge(r)
	if silent && v.status != 0 {
		return refuse(dropped)
	}
	return v
}

func judge(r *sip.Request) verdict {
	branch, _ := r.Via().Params.Get("branch")
	switch {
	case r.SipVersion != "SIP/2.0":
		return refuse(505)
	case !complete(r), len(branch) < 8 || len(branch) > 256 || !strings.HasPrefix(branch, "z9hG4bK"):
		return refuse(400)
	case !slices.Contains(methods, string(r.Method)) && !slices.Contains(elsewhere, r.Method):
		return refuse(501, [2]string{"Allow", allowed})
	case r.CSeq().MethodName != r.Method || r.CSeq().SeqNo >= 1<<31:
		return refuse(400)
	case r.MaxForwards() == nil || r.MaxForwards().Val() > 255:
		return refuse(400)
	case strings.ContainsAny(r.Recipient.String(), " <>\"\t"):
		return refuse(400)
	case r.Recipient.Headers.Length() > 0:
		return refuse(400)
	case r.Recipient.Scheme != "sip" && r.Recipient.Scheme != "sips":
		return refuse(416)
	}
	if c := r.ContentLength(); c != nil && int64(*c) > int64(len(r.Body())) {
		return refuse(400)
	}
	switch {
	case r.Method == sip.REFER:
		return refuse(603)
	case slices.Contains(elsewhere, r.Method):
		return refuse(405, [2]string{"Allow", allowed})
	}
	if r.Method == sip.INVITE && r.Contact() == nil {
		return refuse(400)
	}
	if alien := unknownOptions(r); alien != "" && r.Method != sip.CANCEL && !r.IsAck() {
		return refuse(420, [2]string{"Unsupported", alien})
	}
	return checkBody(r)
}

// complete says whether what every message has is there, once and bounded.
func complete(m sip.Message) bool {
	for _, name := range []string{"From", "To", "Call-ID", "CSeq"} {
		if len(m.GetHeaders(name)) != 1 {
			return false
		}
	}
	for _, name := range []string{"Max-Forwards", "Content-Length", "Content-Type"} {
		if len(m.GetHeaders(name)) > 1 {
			return false
		}
	}
	from, to, id, seq := m.From(), m.To(), m.CallID(), m.CSeq()
	if from == nil || to == nil || id == nil || seq == nil || m.Via() == nil {
		return false
	}
	tag, ok := from.Params.Get("tag")
	theirs, _ := to.Params.Get("tag")
	// What could not be parsed where it stands must be refused now, not when it is read.
	if len(m.GetHeaders("Contact")) > 0 && contact(m) == nil {
		return false
	}
	return ok && plain(tag) && (theirs == "" || plain(theirs)) && plain(id.Value())
}

// plain says whether a value may be repeated in a message of ours.
func plain(s string) bool {
	if s == "" || len(s) > maxValue {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7F || c == ',' || c == ';' {
			return false
		}
	}
	return true
}

func unknownOptions(r *sip.Request) string {
	var alien []string
	for _, h := range r.GetHeaders("Require") {
		for _, o := range strings.Split(h.Value(), ",") {
			if o = strings.TrimSpace(o); o != "timer" && o != "100rel" && plain(o) {
				alien = append(alien, o)
			}
		}
	}
	return strings.Join(alien[:min(len(alien), 8)], ", ")
}

func checkBody(r *sip.Request) verdict {
	if len(r.Body()) == 0 {
		return verdict{}
	}
	for _, h := range r.GetHeaders("Content-Encoding") {
		if !strings.EqualFold(strings.TrimSpace(h.Value()), "identity") {
			return refuse(415, [2]string{"Accept-Encoding", "identity"})
		}
	}
	kind, _, _ := strings.Cut(header(r, "Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	ok := kind == "application/sdp"
	if r.Method == sip.INFO {
		ok = kind == "application/dtmf-relay" || kind == "application/dtmf"
	}
	if r.Method == sip.BYE || r.Method == sip.CANCEL || r.Method == sip.OPTIONS {
		ok = true // nobody reads it
	}
	if !ok {
		return refuse(415, [2]string{"Accept", "application/sdp"})
	}
	return verdict{}
}

func contact(m sip.Message) *sip.ContactHeader {
	switch m := m.(type) {
	case *sip.Request:
		return m.Contact()
	case *sip.Response:
		return m.Contact()
	}
	return nil
}

// header is the value of the first header of a name, "" if there is none.
func header(m sip.Message, name string) string {
	if all := m.GetHeaders(name); len(all) > 0 {
		return all[0].Value()
	}
	return ""
}

var reasons = map[int]string{
	100: "Trying", 180: "Ringing", 200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
	415: "Unsupported Media Type", 416: "Unsupported URI Scheme", 420: "Bad Extension", 422: "Session Interval Too Small",
	480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here",
	491: "Request Pending", 500: "Server Internal Error", 501: "Not Implemented", 503: "Service Unavailable", 505: "Version Not Supported", 603: "Decline",
}

// respond makes the bytes of a response. tag is ours, for To.
func respond(r *sip.Request, status int, tag string, headers [][2]string, body []byte) []byte {
	res := sip.NewResponseFromRequest(r, status, reasons[status], nil)
	res.SipVersion = "SIP/2.0"
	if to := res.To(); to != nil && status > 100 {
		if theirs, _ := r.To().Params.Get("tag"); theirs == "" {
			to.Params.Remove("tag")
			to.Params = to.Params.Add("tag", tag)
		}
	}
	for _, h := range headers {
		res.AppendHeader(sip.NewHeader(h[0], h[1]))
	}
	if len(body) > 0 {
		res.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
	}
	res.SetBody(body)
	return []byte(res.String())
}
