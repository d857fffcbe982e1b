package telephone

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo"
	"github.com/emiago/sipgo/sip"

	"github.com/sekisho/sekisho/internal/foundation/sound"
)

// Options say whom to ring and what to do then.
type Options struct {
	To     string        // sip:NUMBER@host:port
	From   string        // the number shown; "anonymous" withholds it
	Say    []byte        // a WAV file; nil: silence
	Press  string        // keys, one after the other
	After  time.Duration // before each of them
	InBand bool          // keys as sound, as behind some home gateways; so it is too where the other side takes no telephone-event
	Hold   time.Duration // until it hangs up itself; 0: the other side does
	Told   func(string)  // what happens, one line each; may be nil
}

// Call is what became of it.
type Call struct {
	Status   int           // the last answer of SIP: 200, 486, …
	Ringing  time.Duration // from INVITE to 180 or 183; 0: it never rang
	Answered time.Duration // and to 200; 0: never
	ByThem   bool          // the other side hung up
	Heard    []int16       // 8 kHz, gaps as silence
	Packets  int
	Lost     int
}

// WAV is what was heard as a file.
func (c Call) WAV() []byte {
	ulaw := make([]byte, len(c.Heard))
	sound.Mu.Encode(ulaw, c.Heard)
	return append(sound.WAVHeader(sound.Mu, 1, len(ulaw)), ulaw...)
}

// phone is one call under way.
type phone struct {
	Options
	media  *media
	dialog *sipgo.DialogClientSession
	gone   chan struct{} // the other side hung up
	once   sync.Once
	start  time.Time
	call   Call
}

func (p *phone) tell(format string, args ...any) {
	if p.Told != nil {
		p.Told(fmt.Sprintf(format, args...))
	}
}

// Ring rings and stays until one side hangs up, or ctx ends. What it opened is
// closed when it returns.
func Ring(ctx context.Context, o Options) (Call, error) {
	var to sip.Uri
	if err := sip.ParseUri(o.To, &to); err != nil || to.Host == "" {
		return Call{}, fmt.Errorf("-to: %q is no SIP address", o.To)
	}
	if strings.Trim(o.Press, "0123456789*#ABCD") != "" {
		return Call{}, fmt.Errorf("-press: %q are no keys", o.Press)
	}
	local, err := facing(to)
	if err != nil {
		return Call{}, err
	}
	m, err := listen(local, o)
	if err != nil {
		return Call{}, err
	}
	defer m.close()
	ua, err := sipgo.NewUA(sipgo.WithUserAgent("caller"), sipgo.WithUserAgentHostname(local.String()))
	if err != nil {
		return Call{}, err
	}
	defer ua.Close()
	p := &phone{Options: o, media: m, gone: make(chan struct{}), start: time.Now()}
	m.tell = p.tell
	err = p.run(ctx, ua, to, local)
	p.call.Heard, p.call.Packets, p.call.Lost = m.close()
	return p.call, err
}

// facing is our address on the way to somebody.
func facing(to sip.Uri) (net.IP, error) {
	port := to.Port
	if port == 0 {
		port = 5060
	}
	conn, err := net.Dial("udp", net.JoinHostPort(to.Host, fmt.Sprint(port)))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).IP, nil
}

func (p *phone) run(ctx context.Context, ua *sipgo.UserAgent, to sip.Uri, local net.IP) error {
	server, err := sipgo.NewServer(ua)
	if err != nil {
		return err
	}
	client, err := sipgo.NewClient(ua, sipgo.WithClientHostname(local.String()), sipgo.WithClientNAT())
	if err != nil {
		return err
	}
	p.serve(server)
	dua := &sipgo.DialogUA{Client: client, ContactHDR: sip.ContactHeader{Address: sip.Uri{Scheme: "sip", User: "caller", Host: local.String()}}}
	headers := []sip.Header{sip.NewHeader("Content-Type", "application/sdp"), p.from(local), sip.NewHeader("Allow", "INVITE, ACK, BYE, CANCEL, OPTIONS, UPDATE")}
	p.dialog, err = dua.Invite(ctx, to, p.media.offer(), headers...)
	if err != nil {
		return err
	}
	defer p.dialog.Close()
	if err := p.answer(ctx); err != nil {
		return err
	}
	return p.talk(ctx)
}

// from shows the number, or withholds it as a Japanese network does (RFC 3325).
func (p *phone) from(local net.IP) sip.Header {
	h := &sip.FromHeader{Address: sip.Uri{Scheme: "sip", User: p.From, Host: local.String()}, Params: sip.NewParams()}
	if p.From == "anonymous" {
		h.DisplayName, h.Address.Host = "Anonymous", "anonymous.invalid"
	}
	h.Params.Add("tag", sip.GenerateTagN(12))
	return h
}

// answer waits until it is answered.
func (p *phone) answer(ctx context.Context) error {
	err := p.dialog.WaitAnswer(ctx, sipgo.AnswerOptions{OnResponse: func(res *sip.Response) error {
		p.call.Status = res.StatusCode
		if (res.StatusCode == 180 || res.StatusCode == 183) && p.call.Ringing == 0 {
			p.call.Ringing = time.Since(p.start)
			p.tell("ringing after %d ms", p.call.Ringing.Milliseconds())
		}
		return nil
	}})
	if refused := (*sipgo.ErrDialogResponse)(nil); errors.As(err, &refused) {
		p.tell("refused: %d %s", refused.Res.StatusCode, refused.Res.Reason)
		return nil
	}
	if err != nil {
		p.tell("given up")
		return err
	}
	if err := p.dialog.Ack(ctx); err != nil {
		return err
	}
	p.call.Answered = time.Since(p.start)
	p.tell("answered after %d ms", p.call.Answered.Milliseconds())
	return p.media.answered(p.dialog.InviteResponse.Body())
}

// talk stays until one side hangs up.
func (p *phone) talk(ctx context.Context) error {
	if p.call.Answered == 0 {
		return nil
	}
	var until <-chan time.Time
	if p.Hold > 0 {
		timer := time.NewTimer(p.Hold)
		defer timer.Stop()
		until = timer.C
	}
	select {
	case <-p.gone:
		p.call.ByThem = true
		p.tell("ended by them")
		return nil
	case <-until:
	case <-ctx.Done():
	}
	bye, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := p.dialog.Bye(bye)
	p.tell("ended by us")
	return err
}

// serve answers what the other side asks within the call.
func (p *phone) serve(server *sipgo.Server) {
	ours := func(req *sip.Request) bool {
		return p.dialog != nil && req.CallID() != nil && req.CallID().Value() == p.dialog.InviteRequest.CallID().Value()
	}
	respond := func(req *sip.Request, tx sip.ServerTransaction, code int, reason string, body []byte) {
		res := sip.NewResponseFromRequest(req, code, reason, body)
		if body != nil {
			res.AppendHeader(sip.NewHeader("Content-Type", "application/sdp"))
			res.AppendHeader(&sip.ContactHeader{Address: p.dialog.InviteRequest.Contact().Address})
		}
		if err := tx.Respond(res); err != nil {
			p.tell("cannot answer: %v", err)
		}
	}
	server.OnBye(func(req *sip.Request, tx sip.ServerTransaction) {
		if !ours(req) {
			respond(req, tx, 481, "Call/Transaction Does Not Exist", nil)
			return
		}
		if err := p.dialog.ReadBye(req, tx); err != nil {
			p.tell("cannot answer: %v", err)
		}
		p.once.Do(func() { close(p.gone) })
	})
	again := func(req *sip.Request, tx sip.ServerTransaction) {
		switch {
		case !ours(req):
			respond(req, tx, 481, "Call/Transaction Does Not Exist", nil)
		case len(req.Body()) == 0 && req.Method == sip.UPDATE:
			respond(req, tx, 200, "OK", nil)
		default:
			p.tell("asked anew: %s", req.Method)
			respond(req, tx, 200, "OK", p.media.accept(req.Body()))
		}
	}
	server.OnInvite(again)
	server.OnUpdate(again)
	server.OnAck(func(*sip.Request, sip.ServerTransaction) {})
	server.OnOptions(func(req *sip.Request, tx sip.ServerTransaction) { respond(req, tx, 200, "OK", nil) })
}
