package trunks

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/emiago/sipgo/sip"
)

// request is one request of ours. Every value in it is ours, or was found plain.
type request struct {
	method   sip.RequestMethod
	uri      string
	via      string // transport and sent-by: "UDP 192.0.2.1:5060"
	branch   string
	from, to string // with their tags
	callID   string
	cseq     uint32
	routes   []string
	headers  [][2]string
	kind     string // of the body
	body     []byte
}

func (r request) key() string { return string(r.method) + " " + r.branch }

// bytes is the request as it goes out.
func (r request) bytes() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s SIP/2.0\r\nVia: SIP/2.0/%s;branch=%s;rport\r\nMax-Forwards: 70\r\n", r.method, r.uri, r.via, r.branch)
	for _, route := range r.routes {
		b.WriteString("Route: " + route + "\r\n")
	}
	fmt.Fprintf(&b, "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %d %s\r\n", r.from, r.to, r.callID, r.cseq, r.method)
	for _, h := range r.headers {
		b.WriteString(h[0] + ": " + h[1] + "\r\n")
	}
	if len(r.body) > 0 {
		b.WriteString("Content-Type: " + r.kind + "\r\n")
	}
	fmt.Fprintf(&b, "Content-Length: %d\r\n\r\n%s", len(r.body), r.body)
	return []byte(b.String())
}

// ackFor is the ACK of a refusal: of the same transaction (RFC 3261 §17.1.1.3).
func (r request) ackFor(res *sip.Response) request {
	to := r.to
	if tag, _ := res.To().Params.Get("tag"); tag != "" && !strings.Contains(to, ";tag=") {
		to += ";tag=" + tag
	}
	return request{method: sip.ACK, uri: r.uri, via: r.via, branch: r.branch, from: r.from, to: to, callID: r.callID, cseq: r.cseq, routes: r.routes}
}

// cancel is the CANCEL of a request that has no final answer yet (§9.1).
func (r request) cancel() request {
	return request{method: sip.CANCEL, uri: r.uri, via: r.via, branch: r.branch, from: r.from, to: r.to, callID: r.callID, cseq: r.cseq, routes: r.routes}
}

func newTag() string { return random(8) }

func newBranch() string { return "z9hG4bK" + random(12) }

func random(n int) string {
	b := make([]byte, n)
	rand.Read(b) // never fails: crypto/rand ends the process instead
	return hex.EncodeToString(b)
}
