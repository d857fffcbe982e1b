package console

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/foundation/audit"
	"github.com/sekisho/sekisho/internal/gate/clients"
	"github.com/sekisho/sekisho/internal/gate/devices"
	"github.com/sekisho/sekisho/internal/gate/loans"
	"github.com/sekisho/sekisho/internal/gate/permits"
	"github.com/sekisho/sekisho/internal/gate/ties"
)

type putLoan struct {
	ByID
	Body struct {
		Items []string `json:"items" maxItems:"20" nullable:"false" doc:"accessories, by name"`
		Until string   `json:"until" maxLength:"10" doc:"last day, in Japan, or empty"`
	}
}

type returnLoan struct {
	ByID
	Body struct {
		Back []string `json:"back" maxItems:"20" nullable:"false" doc:"accessories that came with it; all others are missing"`
		Note string   `json:"note" maxLength:"500"`
	}
}

type replaceLoan struct {
	ByID
	Body struct {
		AssetTag string `json:"asset_tag" minLength:"1" maxLength:"64"`
		Model    string `json:"model" maxLength:"128"`
		Reason   string `json:"reason" minLength:"1" maxLength:"500"`
		Lost     bool   `json:"lost" doc:"the old PC did not come back"`
	}
}

type lostLoan struct {
	ByID
	Body struct {
		Note string `json:"note" maxLength:"400"`
	}
}

type newPermit struct {
	ByID
	Body struct {
		Where string `json:"where" enum:"home,approved"`
		From  string `json:"from" minLength:"10" maxLength:"10" doc:"first day, in Japan: 2026-04-01"`
		Until string `json:"until" minLength:"10" maxLength:"10" doc:"last day"`
	}
}

type releaseTie struct {
	ByID
	Body struct {
		Person sekisho.PersonID `json:"person" minLength:"1" maxLength:"64"`
	}
}

func (d *Door) loanRoutes(api huma.API) {
	add(api, "GET /loans", "Every PC: who has it, until when, by what leave", d.listLoans)
	add(api, "GET /loans/{id}", "One PC: accessories, return, permits, whose first it is", d.getLoan)
	add(api, "PUT /loans/{id}", "Note the accessories and the day of return", d.putLoan)
	add(api, "POST /loans/{id}/return", "Take a PC back with its slip; ends its certificate", d.returnLoan)
	add(api, "POST /loans/{id}/replace", "Put another PC in the place of this one, for the same person", d.replaceLoan)
	add(api, "POST /loans/{id}/card", "Make a loss card; it is shown once", d.lossCard)
	add(api, "POST /loans/{id}/lost", "Close everything of a PC that was lost", d.lostLoan)
	add(api, "POST /loans/{id}/received", "Confirm that a kitted PC has arrived: its code opens from now on", d.receivedLoan)
	add(api, "POST /loans/{id}/permits", "Permit work outside the office for some days", d.givePermit)
	add(api, "POST /loans/{id}/release", "Release somebody from his first PC", d.releaseTie)
	add(api, "POST /permits/{id}/end", "Take a permit back; what is open by it closes", d.endPermit)
}

// actorNow is who acts, in the role that the act is done in: supervisor, where he
// is one and no administrator. Whoever does it by an own role does it by an
// administrator's right.
func actorNow(ctx context.Context) audit.Actor {
	if who := callerOf(ctx).who; who.has(supervisor) && !who.has(administrator) {
		return actor(ctx, supervisor)
	}
	return actor(ctx, administrator)
}

// surroundings is what stands around the inventory's own rows.
type surroundings struct {
	people  map[sekisho.PersonID]known
	untils  map[sekisho.DeviceID]time.Time
	permits map[sekisho.DeviceID]permits.Permit // that counts now, else the next
	ties    map[sekisho.DeviceID][]ties.Tie
}

func (d *Door) surroundings(ctx context.Context) (s surroundings, err error) {
	if s.people, err = d.ranked(ctx); err != nil {
		return s, err
	}
	if s.untils, err = d.loans.Untils(ctx); err != nil {
		return s, err
	}
	if s.ties, err = d.ties.List(ctx); err != nil {
		return s, err
	}
	list, err := d.permits.List(ctx)
	s.permits = make(map[sekisho.DeviceID]permits.Permit, len(list))
	for _, p := range list { // the first to end of one PC is also the first to begin
		if _, ok := s.permits[p.Device]; !ok {
			s.permits[p.Device] = p
		}
	}
	return s, err
}

func (s surroundings) row(d devices.Outline, now time.Time) LoanRowView {
	v := LoanRowView{
		ID: d.ID, AssetTag: d.Tag, Model: d.Model, Place: d.Place, Person: d.Person, PersonName: s.people[d.Person].name, State: string(d.State),
		Since: moment(d.Since), Until: clients.LastDay(s.untils[d.ID]), CodeHeld: d.CodeHeld, First: len(s.ties[d.ID]) > 0,
	}
	if p, ok := s.permits[d.ID]; ok {
		one := permitView(p, s.people, now)
		v.Permit = &one
	}
	return v
}

func permitView(p permits.Permit, people map[sekisho.PersonID]known, now time.Time) PermitView {
	v := PermitView{ID: p.ID, Where: string(p.Where), From: clients.Day(p.From), Until: clients.LastDay(p.Until), ApproverName: people[p.Approver].name, State: "ahead"}
	switch {
	case !p.Ended.IsZero():
		v.State = "ended"
	case p.Over(now):
		v.State = "over"
	case p.Counts(now):
		v.State = "now"
	}
	return v
}

func (d *Door) getLoan(ctx context.Context, in *ByID) (*answer[LoanView], error) {
	return d.shownLoan(ctx, sekisho.DeviceID(in.ID))
}

func (d *Door) shownLoan(ctx context.Context, id sekisho.DeviceID) (*answer[LoanView], error) {
	one, err := d.devices.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	l, err := d.loans.Of(ctx, id)
	if err != nil {
		return nil, err
	}
	all, err := d.surroundings(ctx)
	if err != nil {
		return nil, err
	}
	now := d.clk.Now()
	view := LoanView{
		LoanRowView: all.row(devices.Outline{ID: one.ID, Asset: one.Asset, State: one.State, Since: one.Since, CodeHeld: one.CodeHeld}, now), Items: []LoanItemView{}, Back: moment(l.Back), BackToName: all.people[l.BackTo].name, Note: l.Note,
		CardMade: moment(l.Card.Made), CardState: cardState(l.Card), Permits: []PermitView{}, Tied: []TieView{},
	}
	for _, i := range l.Items {
		view.Items = append(view.Items, LoanItemView{Name: i.Name, State: string(i.State)})
	}
	list, err := d.permits.Of(ctx, id)
	for _, p := range list {
		view.Permits = append(view.Permits, permitView(p, all.people, now))
	}
	for _, t := range all.ties[id] {
		view.Tied = append(view.Tied, TieView{Person: t.Person, Name: all.people[t.Person].name, Since: moment(t.Since)})
	}
	return reply(view, err)
}

func cardState(c loans.Card) string {
	switch {
	case c.Made.IsZero():
		return "none"
	case !c.Used.IsZero():
		return "used"
	case !c.Over.IsZero():
		return "withdrawn"
	}
	return "open"
}

func (d *Door) putLoan(ctx context.Context, in *putLoan) (*answer[LoanView], error) {
	var until time.Time
	if in.Body.Until != "" {
		var err error
		if until, err = endOf(in.Body.Until); err != nil {
			return nil, err
		}
	}
	id := sekisho.DeviceID(in.ID)
	if err := d.loans.Put(ctx, actor(ctx, administrator), id, in.Body.Items, until); err != nil {
		return nil, err
	}
	return d.shownLoan(ctx, id)
}

func (d *Door) returnLoan(ctx context.Context, in *returnLoan) (*answer[LoanView], error) {
	id := sekisho.DeviceID(in.ID)
	if _, err := d.loans.Return(ctx, actor(ctx, administrator), id, loans.Return{Back: in.Body.Back, Note: in.Body.Note}); err != nil {
		return nil, err
	}
	return d.shownLoan(ctx, id)
}

func (d *Door) replaceLoan(ctx context.Context, in *replaceLoan) (*answer[CardView], error) {
	next := loans.Replacement{Tag: in.Body.AssetTag, Model: in.Body.Model, Reason: in.Body.Reason, Lost: in.Body.Lost}
	id, secret, err := d.loans.Replace(ctx, actor(ctx, administrator), sekisho.DeviceID(in.ID), next)
	if err != nil {
		return nil, err
	}
	return d.shownCard(ctx, id, secret)
}

func (d *Door) lossCard(ctx context.Context, in *ByID) (*answer[CardView], error) {
	id := sekisho.DeviceID(in.ID)
	secret, err := d.loans.Card(ctx, actor(ctx, administrator), id)
	if err != nil {
		return nil, err
	}
	return d.shownCard(ctx, id, secret)
}

func (d *Door) shownCard(ctx context.Context, id sekisho.DeviceID, secret string) (*answer[CardView], error) {
	one, err := d.devices.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	names, err := d.names(ctx)
	return reply(CardView{Device: id, AssetTag: one.Tag, PersonName: names[one.Person], Link: d.lossLink(secret)}, err)
}

func (d *Door) lostLoan(ctx context.Context, in *lostLoan) (*done, error) {
	return &done{}, d.loans.Lost(ctx, actorNow(ctx), sekisho.DeviceID(in.ID), in.Body.Note)
}

func (d *Door) receivedLoan(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.devices.Received(ctx, actorNow(ctx), sekisho.DeviceID(in.ID))
}

func (d *Door) givePermit(ctx context.Context, in *newPermit) (*answer[LoanView], error) {
	p := permits.Permit{Device: sekisho.DeviceID(in.ID), Where: permits.Where(in.Body.Where)}
	var err error
	if p.From, err = clients.ParseDay(in.Body.From); err != nil {
		return nil, err
	}
	if p.Until, err = endOf(in.Body.Until); err != nil {
		return nil, err
	}
	if _, err := d.permits.Give(ctx, actorNow(ctx), p); err != nil {
		return nil, err
	}
	return d.shownLoan(ctx, p.Device)
}

func (d *Door) endPermit(ctx context.Context, in *ByID) (*done, error) {
	return &done{}, d.permits.End(ctx, actorNow(ctx), sekisho.PermitID(in.ID))
}

func (d *Door) releaseTie(ctx context.Context, in *releaseTie) (*done, error) {
	return &done{}, d.ties.Release(ctx, actorNow(ctx), in.Body.Person, sekisho.DeviceID(in.ID))
}
