package console

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls/ivr"
	"github.com/sekisho/sekisho/internal/foundation/sound"
)

// Bounds of bodies: a flow as ivr takes it with what stands around it, and five
// minutes of sound in mono, 48 kHz and 16 bits.
const (
	maxFlow  = ivr.MaxFlow + 16<<10
	maxSound = 32 << 20
)

type newPrompt struct {
	Body struct {
		Client sekisho.ClientID `json:"client" maxLength:"64"`
		Name   string           `json:"name" minLength:"1" maxLength:"100"`
	}
}

type storeSound struct {
	Client   string `query:"client" required:"true" maxLength:"64"`
	ID       string `query:"id" required:"true" maxLength:"64"`
	Language string `query:"language" required:"true" enum:"ja,en"`
	RawBody  []byte `contentType:"audio/wav"`
}

type promptSound struct {
	ByID
	Language string `query:"language" enum:"ja,en" default:"ja"`
}

// partOf names a part and whose it is: another client company's is not found.
type partOf struct {
	ByID
	Client string `query:"client" required:"true" maxLength:"64"`
}

type putCalendar struct {
	Body struct {
		ID       string           `json:"id" maxLength:"64" doc:"empty for a new one"`
		Client   sekisho.ClientID `json:"client" maxLength:"64"`
		Seen     int              `json:"seen" minimum:"0" doc:"the edit that was looked at, 0 for a new one"`
		Name     string           `json:"name" minLength:"1" maxLength:"100"`
		Zone     string           `json:"zone" maxLength:"64"`
		Week     []FlowDayView    `json:"week" nullable:"false" maxItems:"7" doc:"by weekday, sun to sat"`
		Holidays []string         `json:"holidays" nullable:"false" maxItems:"400"`
		Extra    []FlowDayView    `json:"extra" nullable:"false" maxItems:"400" doc:"dates whose hours replace their weekday's"`
	}
}

type putLookup struct {
	Body struct {
		ID     string           `json:"id" maxLength:"64" doc:"empty for a new one"`
		Client sekisho.ClientID `json:"client" maxLength:"64"`
		Seen   int              `json:"seen" minimum:"0" doc:"the edit that was looked at, 0 for a new one"`
		Name   string           `json:"name" minLength:"1" maxLength:"100"`
		URL    string           `json:"url" minLength:"1" maxLength:"500" doc:"https; goes in and never comes out"`
	}
}

// soundFile is a sound to listen to.
type soundFile struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

func (d *Door) flowPartRoutes(api huma.API) {
	add(api, "GET /flow-parts/{id}", "Announcements, queues, opening hours and look-ups of a client company", d.flowParts)
	add(api, "POST /prompts", "Name an announcement, which has no sound yet", d.newPrompt)
	add(api, "PUT /prompts/sound", "Give an announcement its sound in a language, from a WAV file", d.storeSound, func(op *huma.Operation) { op.BodyReadTimeout = time.Minute })
	add(api, "GET /prompts/{id}/sound", "The sound of an announcement, as callers hear it", d.promptSound)
	add(api, "DELETE /prompts/{id}", "Delete an announcement that no flow in force names", d.deletePrompt)
	add(api, "PUT /calendars", "Save opening hours and holidays", d.putCalendar)
	add(api, "DELETE /calendars/{id}", "Delete opening hours that no flow in force names", d.deleteCalendar)
	add(api, "PUT /lookups", "Save a look-up; it gets a new key, which is shown this once", d.putLookup)
	add(api, "DELETE /lookups/{id}", "Delete a look-up that no flow in force names", d.deleteLookup)
}

func (d *Door) flowParts(ctx context.Context, in *ByID) (*answer[FlowPartsView], error) {
	return reply(d.partsOf(ctx, sekisho.ClientID(in.ID)))
}

func (d *Door) partsOf(ctx context.Context, c sekisho.ClientID) (view FlowPartsView, err error) {
	prompts, err := d.flows.Prompts(ctx, c)
	if err != nil {
		return view, err
	}
	calendars, err := d.flows.Calendars(ctx, c)
	if err != nil {
		return view, err
	}
	hooks, err := d.flows.Hooks(ctx, c)
	if err != nil {
		return view, err
	}
	view = FlowPartsView{Prompts: []PromptView{}, Calendars: []FlowCalendarView{}, Lookups: []LookupView{}}
	for _, p := range prompts {
		view.Prompts = append(view.Prompts, PromptView{ID: p.ID, Name: p.Name, JA: p.Lengths["ja"].Milliseconds(), EN: p.Lengths["en"].Milliseconds()})
	}
	for _, k := range calendars {
		view.Calendars = append(view.Calendars, calendarView(k))
	}
	for _, h := range hooks {
		view.Lookups = append(view.Lookups, lookupView(h))
	}
	view.Queues, err = d.flows.QueuesOf(ctx, c)
	return view, err
}

func calendarView(k ivr.KeptCalendar) FlowCalendarView {
	return FlowCalendarView{
		ID: k.ID, Edit: k.Edit, Name: k.Name, Zone: k.Zone, Week: daysOf(k.Week), Holidays: append([]string{}, k.Holidays...), Extra: daysOf(k.Extra),
	}
}

// daysOf gives days in their order for a page, hoursOf what the room keeps of them.
func daysOf(in map[string][]ivr.Span) []FlowDayView {
	out := make([]FlowDayView, 0, len(in))
	for _, day := range slices.Sorted(maps.Keys(in)) {
		one := FlowDayView{Day: day, Spans: []FlowSpanView{}}
		for _, s := range in[day] {
			one.Spans = append(one.Spans, FlowSpanView(s))
		}
		out = append(out, one)
	}
	return out
}

func hoursOf(in []FlowDayView) map[string][]ivr.Span {
	out := make(map[string][]ivr.Span, len(in))
	for _, day := range in {
		out[day.Day] = []ivr.Span{}
		for _, s := range day.Spans {
			out[day.Day] = append(out[day.Day], ivr.Span(s))
		}
	}
	return out
}

func lookupView(h ivr.Hook) LookupView {
	v := LookupView{ID: h.ID, Edit: h.Edit, Name: h.Name, Stopped: h.Stopped}
	if u, err := url.Parse(h.URL); err == nil {
		v.Host = u.Host
	}
	return v
}

func (d *Door) newPrompt(ctx context.Context, in *newPrompt) (*answer[PromptView], error) {
	id, err := d.flows.CreatePrompt(ctx, actorNow(ctx), in.Body.Client, in.Body.Name)
	return reply(PromptView{ID: id, Name: in.Body.Name}, err)
}

func (d *Door) storeSound(ctx context.Context, in *storeSound) (*done, error) {
	_, err := d.flows.StorePrompt(ctx, actorNow(ctx), sekisho.ClientID(in.Client), sekisho.PromptID(in.ID), in.Language, in.RawBody)
	return &done{}, err
}

func (d *Door) promptSound(ctx context.Context, in *promptSound) (*soundFile, error) {
	ulaw, err := d.flows.Prompt(ctx, sekisho.PromptID(in.ID), in.Language)
	if err != nil {
		return nil, err
	}
	return &soundFile{ContentType: "audio/wav", Body: append(sound.WAVHeader(sound.Mu, 1, len(ulaw)), ulaw...)}, nil
}

func (d *Door) deletePrompt(ctx context.Context, in *partOf) (*done, error) {
	return &done{}, d.flows.DeletePrompt(ctx, actorNow(ctx), sekisho.ClientID(in.Client), sekisho.PromptID(in.ID))
}

func (d *Door) putCalendar(ctx context.Context, in *putCalendar) (*answer[FlowCalendarView], error) {
	b := in.Body
	k, err := d.flows.SaveCalendar(ctx, actorNow(ctx), ivr.KeptCalendar{ID: ivr.CalendarID(b.ID), Client: b.Client, Edit: b.Seen, Calendar: ivr.Calendar{
		Name: b.Name, Zone: b.Zone, Week: hoursOf(b.Week), Holidays: b.Holidays, Extra: hoursOf(b.Extra),
	}})
	return reply(calendarView(k), err)
}

func (d *Door) deleteCalendar(ctx context.Context, in *partOf) (*done, error) {
	return &done{}, d.flows.DeleteCalendar(ctx, actorNow(ctx), sekisho.ClientID(in.Client), ivr.CalendarID(in.ID))
}

func (d *Door) putLookup(ctx context.Context, in *putLookup) (*answer[LookupSavedView], error) {
	b := in.Body
	h, key, err := d.flows.SaveHook(ctx, actorNow(ctx), ivr.Hook{ID: ivr.HookID(b.ID), Client: b.Client, Name: b.Name, URL: b.URL, Edit: b.Seen})
	return reply(LookupSavedView{Lookup: lookupView(h), Key: key}, err)
}

func (d *Door) deleteLookup(ctx context.Context, in *partOf) (*done, error) {
	return &done{}, d.flows.DeleteHook(ctx, actorNow(ctx), sekisho.ClientID(in.Client), ivr.HookID(in.ID))
}
