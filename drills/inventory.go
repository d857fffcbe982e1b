package drills

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sekisho/sekisho/internal/wire"
	"github.com/sekisho/sekisho/test/rawpc"
)

func inventoryDrills() []Drill {
	return []Drill{
		{"loss link guessed, used twice", "somebody finds a loss card, or tries links", lossLink},
		{"kitting code before the receipt and after its days", "a parcel with a PC and its slip is opened on its way", kittingCode},
	}
}

// withoutPermit tries to work at home without a permit where a policy asks for
// one, works with one, and goes on after it was taken back.
func withoutPermit(ctx context.Context, f *Field, r *Result) (err error) {
	person, err := f.Person(ctx)
	if err != nil {
		return err
	}
	p, err := f.issueTo(ctx, person, "demo")
	if err != nil {
		return err
	}
	c, err := p.Connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Enrol(ctx, f.witness(ctx)); err != nil {
		return err
	}
	back, err := f.putPolicy(ctx, fmt.Sprintf(`
@id("drill-permit")
forbid (principal == Person::%q, action in [Action::"open", Action::"reach"], resource)
when { context.place == "home" }
unless { context.permit };
`, person))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, back(context.WithoutCancel(ctx))) }()
	_, err = c.Login(ctx, nil)
	without := answerCode(err)
	id, err := f.permit(ctx, string(p.Device))
	if err != nil {
		return err
	}
	s, err := open(ctx, c, nil)
	if err != nil {
		return err
	}
	r.Control = s.reaches(ctx) == nil
	began := time.Now()
	if err := f.Admin.Post(ctx, "permits/"+id+"/end", struct{}{}, nil); err != nil {
		return err
	}
	took := time.Since(began)
	after := s.reaches(ctx)
	row, err := f.ended(ctx, s)
	if err != nil {
		return err
	}
	r.Refused = without == "permit.missing" && after != nil && row.Reason == "permit.missing"
	r.Evidence = fmt.Sprintf("without a permit: %s; taken back during the session, closed within %d ms: %s", without, took.Milliseconds(), row)
	return nil
}

// permit lets a PC be used at home today and tomorrow.
func (f *Field) permit(ctx context.Context, device string) (id string, err error) {
	day := func(ahead int) string {
		return time.Now().In(time.FixedZone("JST", 9*3600)).AddDate(0, 0, ahead).Format("2006-01-02")
	}
	var loan struct {
		Permit struct {
			ID string `json:"id"`
		} `json:"permit"`
	}
	err = f.Admin.Post(ctx, "loans/"+device+"/permits", map[string]string{"where": "home", "from": day(0), "until": day(1)}, &loan)
	return loan.Permit.ID, err
}

// secondPC works on one PC and then tries another of his own, where a policy
// asks for the first.
func secondPC(ctx context.Context, f *Field, r *Result) (err error) {
	person, err := f.Person(ctx)
	if err != nil {
		return err
	}
	back, err := f.putPolicy(ctx, fmt.Sprintf(`
@id("drill-first")
forbid (principal == Person::%q, action in [Action::"open", Action::"reach"], resource)
unless { context.first };
`, person))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, back(context.WithoutCancel(ctx))) }()
	s, err := f.workAs(ctx, person, "demo", nil)
	if err != nil {
		return err
	}
	defer s.Close()
	other, err := f.issueTo(ctx, person, "demo")
	if err != nil {
		return err
	}
	c, err := other.Connect(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Enrol(ctx, f.witness(ctx)); err != nil {
		return err
	}
	_, err = c.Login(ctx, nil)
	second, still := answerCode(err), s.reaches(ctx)
	himself, err := f.tied(ctx, person)
	if err != nil {
		return err
	}
	if err := f.Admin.Post(ctx, "loans/"+himself+"/release", map[string]string{"person": person}, nil); err != nil {
		return err
	}
	_, err = c.Login(ctx, nil)
	r.Control = err == nil && still == nil
	r.Refused = second == "tie.other_pc"
	r.Evidence = fmt.Sprintf("a second PC: %s; after a release a session opened there: %t", second, err == nil)
	return nil
}

// tied is the PC that the log names as a person's first.
func (f *Field) tied(ctx context.Context, person string) (device string, err error) {
	row, err := f.Audit(ctx, "tie.made", func(r Row) bool { return r.Person == person })
	return row.ObjectID, err
}

// lossLink tries links that nobody made, then the real one, and that again.
func lossLink(ctx context.Context, f *Field, r *Result) error {
	person, err := f.Person(ctx)
	if err != nil {
		return err
	}
	s, err := f.workAs(ctx, person, "demo", nil)
	if err != nil {
		return err
	}
	defer s.Close()
	honest, err := f.Honest(ctx)
	if err != nil {
		return err
	}
	first, err := f.tied(ctx, person)
	if err != nil {
		return err
	}
	var card struct {
		Link string `json:"link"`
	}
	if err := f.Admin.Post(ctx, "loans/"+first+"/card", struct{}{}, &card); err != nil {
		return err
	}
	_, token, ok := strings.Cut(card.Link, "token=")
	if !ok {
		return fmt.Errorf("drills: no token in the card")
	}
	stranger := f.visitor()
	report := func(v visitor, token string) string {
		return v.ask(ctx, http.MethodPost, "lost/report", map[string]string{"token": token})
	}
	guessed := report(stranger, strings.Repeat("A", len(token)))
	cut := report(stranger, token[:len(token)-1])
	foreign := report(stranger.with("Origin", "https://evil.example"), token)
	looked := stranger.ask(ctx, http.MethodPost, "lost/look", map[string]string{"token": token})
	untouched := s.reaches(ctx)
	closed := report(stranger, token)
	gone := s.reaches(ctx)
	again := report(stranger, token)
	row, err := f.ended(ctx, s)
	if err != nil {
		return err
	}
	r.Refused = guessed == "loss.unknown" && cut == "loss.unknown" && foreign == "console.foreign_origin" && untouched == nil && again == "loss.used" && honest.reaches(ctx) == nil
	r.Control = looked == "200" && closed == "200" && gone != nil && row.Reason == "device.revoked"
	r.Evidence = fmt.Sprintf("guessed: %s; cut short: %s; from another page: %s; used again: %s; the right one: %s, %s", guessed, cut, foreign, again, closed, row)
	return nil
}

// kittingCode enrols with the codes of a kit: before the receipt, after it, and
// after their days are over.
func kittingCode(ctx context.Context, f *Field, r *Result) (err error) {
	aged, clk, stop, err := f.agedCentre(ctx, "kitted")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	aged.n.Store(700)
	kit, err := aged.kit(ctx, 2)
	if err != nil {
		return err
	}
	enrol := func(i int) string {
		p, err := aged.raw(kit[i].code)
		if err == nil {
			err = p.Enrol(ctx, kit[i].code)
		}
		return rawpc.CodeOf(err)
	}
	before := enrol(0)
	for _, one := range kit {
		if err := aged.Admin.Post(ctx, "loans/"+one.device+"/received", struct{}{}, nil); err != nil {
			return err
		}
	}
	p, err := aged.raw(kit[0].code)
	if err != nil {
		return err
	}
	r.Control = p.Enrol(ctx, kit[0].code) == nil
	clk.Advance(14 * 24 * time.Hour)
	late := enrol(1)
	r.Refused = before == "enrolment.code_not_received" && late == "enrolment.code_expired"
	r.Evidence = fmt.Sprintf("before the receipt: %s; 14 days after it: %s", before, late)
	return nil
}

type kitted struct {
	device string
	code   wire.EnrolmentCode
}

// kit registers PCs by a list, each for somebody of his own.
func (f *Field) kit(ctx context.Context, n int) (out []kitted, err error) {
	list := "asset_tag,login\n"
	for range n {
		if _, err := f.Person(ctx); err != nil {
			return nil, err
		}
		list += fmt.Sprintf("%s,drill-%03d\n", f.Tag(), f.n.Load()-1)
	}
	var plan struct {
		Seen    string `json:"seen"`
		Refused int    `json:"refused"`
	}
	if err := f.Admin.Post(ctx, "kitting/plan", map[string]any{"file": wire.Bytes(list)}, &plan); err != nil {
		return nil, err
	}
	var made struct {
		Slips []struct {
			Device string `json:"device"`
			Code   string `json:"code"`
		} `json:"slips"`
	}
	if err := f.Admin.Post(ctx, "kitting/apply", map[string]any{"file": wire.Bytes(list), "seen": plan.Seen}, &made); err != nil {
		return nil, fmt.Errorf("%d refused: %w", plan.Refused, err)
	}
	for _, s := range made.Slips {
		code, err := wire.ParseEnrolmentCode(s.Code)
		if err != nil {
			return nil, err
		}
		out = append(out, kitted{s.Device, code})
	}
	return out, nil
}
