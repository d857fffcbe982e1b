package ivr

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
)

func week() Calendar {
	c := Calendar{Name: "平日", Zone: "Asia/Tokyo", Week: map[string][]Span{}, Holidays: []string{"2026-11-23"}}
	for _, day := range weekdays[1:6] {
		c.Week[day] = []Span{{From: 9 * 60, To: 18 * 60}}
	}
	return c
}

// wednesday is an hour of 25 November 2026 in Japan.
func wednesday(hour int) time.Time { return time.Date(2026, 11, 25, hour-9, 0, 0, 0, time.UTC) }

func TestHours(t *testing.T) {
	c := week()
	c.Week["fri"] = []Span{{From: 22 * 60, To: 6 * 60}}
	c.Extra = map[string][]Span{"2026-11-28": {{From: 600, To: 720}}, "2026-11-25": {}}
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour-9, minute, 0, 0, time.UTC) }
	for i, one := range []struct {
		at   time.Time
		want Standing
	}{
		{at(24, 8, 59), Closed}, {at(24, 9, 0), Open}, {at(24, 17, 59), Open}, {at(24, 18, 0), Closed}, {at(23, 10, 0), Holiday}, {at(22, 10, 0), Closed},
		{at(27, 23, 0), Open}, {at(28, 5, 59), Open}, {at(28, 6, 0), Closed}, {at(28, 10, 0), Open}, {at(25, 10, 0), Closed},
	} {
		if got, err := c.At(one.at); err != nil || got != one.want {
			t.Errorf("%d: %v, %v", i, got, err)
		}
	}
	if _, err := (Calendar{Zone: "Local"}).At(at(24, 9, 0)); err == nil {
		t.Error("a zone that is none")
	}
	for _, bad := range []Calendar{{}, {Name: "x", Zone: "Mars/One"}, {Name: "x", Zone: "UTC", Week: map[string][]Span{"day": nil}}, {Name: "x", Zone: "UTC", Week: map[string][]Span{"mon": {{9, 9}}}}, {Name: "x", Zone: "UTC", Holidays: []string{"31.12."}}, {Name: "x", Zone: "UTC", Extra: map[string][]Span{"2026-01-01": {{-1, 5}}}}} {
		if bad.valid() == nil {
			t.Errorf("%+v", bad)
		}
	}
}

func TestDryRuns(t *testing.T) {
	calendars := map[CalendarID]Calendar{"c": week()}
	for name, c := range map[string]struct {
		script Script
		path   string
		cause  calls.Cause
	}{
		"holiday":                {Script{At: wednesday(10).AddDate(0, 0, -2)}, "hours closed bye", calls.ByFlow},
		"night":                  {Script{At: wednesday(20)}, "hours message bye", calls.ToVoicemail},
		"withheld, and answered": {Script{At: wednesday(10), Acts: []Act{{Answer: true}, {Keys: "4"}, {Keys: "1"}}}, "hours withheld simple topic queue survey bye", calls.ByFlow},
		"nobody answers":         {Script{At: wednesday(10), Caller: "+819012345678", Acts: []Act{{Keys: "2"}}}, "hours withheld menu simple topic queue later", calls.ForCallback},
		"withheld, no answer":    {Script{At: wednesday(10)}, "hours withheld simple topic queue later message bye", calls.ToVoicemail},
		"gold":                   {Script{At: wednesday(10), Caller: "+819012345678", Acts: []Act{{Keys: "1"}, {Keys: "12345#"}, {Found: map[string]string{"rank": "gold"}}, {HangUp: true}}}, "hours withheld menu account search note gold first first_queue", calls.Abandoned},
		"look-up fails":          {Script{At: wednesday(10), Caller: "+819012345678", Acts: []Act{{Keys: "112345678"}, {Fail: true}, {HangUp: true}}}, "hours withheld menu account search full queue", calls.Abandoned},
		"too few digits, twice":  {Script{At: wednesday(10), Caller: "+819012345678", Acts: []Act{{Keys: "1"}, {Keys: "12#"}, {Keys: "*"}, {HangUp: true}}}, "hours withheld menu account full queue", calls.Abandoned},
		"wrong key, then silent": {Script{At: wednesday(10), Caller: "+819012345678", Acts: []Act{{Keys: "7"}, {}, {HangUp: true}}}, "hours withheld menu simple topic queue", calls.Abandoned},
		"put through":            {Script{At: wednesday(10), Caller: "+819012345678", Acts: []Act{{Keys: "9"}, {Answer: true}}}, "hours withheld menu partner survey bye", calls.ByFlow},
		"gone in the menu":       {Script{At: wednesday(10), Caller: "+819012345678", Acts: []Act{{HangUp: true}}}, "hours withheld menu", calls.ByCaller},
		"engaged outside":        {Script{At: wednesday(10), Caller: "+819012345678", Acts: []Act{{Keys: "9"}, {Fail: true}, {HangUp: true}}}, "hours withheld menu partner queue", calls.Abandoned},
	} {
		trial, err := Try(reception(), calendars, c.script)
		path := strings.Trim(fmt.Sprint(trial.Path), "[]")
		if err != nil || path != c.path || trial.Cause != c.cause {
			t.Errorf("%s: %s, %s, %v; want %s, %s", name, path, trial.Cause, err, c.path, c.cause)
		}
	}
	if _, err := Try(reception(), nil, Script{Acts: make([]Act, 201)}); sekisho.CodeOf(err) != "flow.script" {
		t.Errorf("%v", err)
	}
}

func TestAFlowThatFailsEndsInItsFallback(t *testing.T) {
	// The calendar is gone: nobody checked that again.
	trial, err := Try(reception(), nil, Script{At: wednesday(10), Acts: []Act{{Fail: true}}})
	var did []string
	for _, d := range trial.Did {
		did = append(did, d.Step+" "+string(d.Queue)+string(d.Prompt)+d.Code)
	}
	want := []string{"fault flow.unknown_calendar", "queue q", "say p", "hangup flow"}
	if err != nil || !slices.Equal(did, want) || trial.Cause != calls.ByFlow {
		t.Errorf("%q, %v", did, err)
	}
	// Round and round, by somebody who presses * for ever.
	m := Begin(reception(), Facts{Caller: "+819012345678", Calendars: map[CalendarID]Calendar{"c": week()}})
	steps := m.Take(Event{Kind: Started, At: wednesday(10)})
	for range 2000 {
		w, _ := WaitOf(steps[len(steps)-1])
		steps = m.Take(Event{Kind: Digit, Wait: w.ID, Key: '*'})
		if len(steps) == 2 {
			break
		}
	}
	if fault, ok := steps[0].(FaultStep); !ok || fault.Code != "flow.too_many_steps" || len(m.Path()) != MaxSteps {
		t.Errorf("%+v after %d nodes", steps, len(m.Path()))
	}
}

func TestWhatComesLateChangesNothing(t *testing.T) {
	m := Begin(reception(), Facts{Caller: "+819012345678", Calendars: map[CalendarID]Calendar{"c": week()}})
	if m.Take(Event{Kind: Digit, Key: '1'}) != nil || m.Take(Event{Kind: Timeout}) != nil {
		t.Error("something happened before the call")
	}
	steps := m.Take(Event{Kind: Started, At: wednesday(10)})
	first, _ := WaitOf(steps[0])
	if m.Take(Event{Kind: Started, At: wednesday(10)}) != nil || m.Take(Event{Kind: Talked}) != nil || m.Take(Event{Kind: Timeout, Wait: first.ID - 1}) != nil || m.Take(Event{Kind: Answered, Wait: first.ID}) != nil {
		t.Error("an event of another time was taken")
	}
	m.Take(Event{Kind: Digit, Wait: first.ID, Key: '2'})
	if m.Take(Event{Kind: Timeout, Wait: first.ID}) != nil || m.Level() != sekisho.LevelNone {
		t.Error("a timer that was late moved the call")
	}
	m.Take(Event{Kind: HungUp})
	if cause, over := m.Ended(); !over || cause != calls.Abandoned || m.Take(Event{Kind: Answered, Wait: first.ID + 1}) != nil {
		t.Errorf("%v %v", cause, over)
	}
}

// What a caller enters is to be found in nothing that is printed, logged or sent,
// but in the field of the look-up that names it.
func TestWhatIsEnteredIsHidden(t *testing.T) {
	m := Begin(reception(), Facts{Caller: "+819012345678", Calendars: map[CalendarID]Calendar{"c": week()}})
	steps := m.Take(Event{Kind: Started, At: wednesday(10)})
	var every []Step
	for _, key := range "1" + "48151623" {
		w, _ := WaitOf(steps[len(steps)-1])
		if ask, ok := steps[len(steps)-1].(AskStep); ok && ask.Secret != (key != '1' || len(every) > 0) {
			t.Error("what is entered must be masked, and nothing else")
		}
		if next := m.Take(Event{Kind: Digit, Wait: w.ID, Key: calls.Digit(key)}); next != nil {
			steps, every = next, append(every, next...)
		}
	}
	hook, ok := every[len(every)-1].(HookStep)
	if !ok || string(hook.Fields["account"].Secret) != "48151623" || string(hook.Fields["caller"].Secret) != "+819012345678" {
		t.Fatalf("%+v", every)
	}
	every = append(every, m.Take(Event{Kind: Found, Wait: hook.ID, Values: map[string]string{"rank": "gold", "other": "x"}})...)
	if q, ok := every[len(every)-1].(QueueStep); !ok || string(q.Attributes["account_number"].Secret) != "48151623" || q.Attributes["rank"].Open != "gold" || len(q.Attributes) != 2 {
		t.Fatalf("%+v", every)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("steps", "all", every, "secret", hook.Fields["account"].Secret)
	text, err := json.Marshal(every)
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{log.String(), string(text), fmt.Sprintf("%v %+v %#v %s %q %x", every, every, hook.Fields, every, every, hook.Fields["account"].Secret)} {
		if strings.Contains(printed, "48151623") || strings.Contains(printed, fmt.Sprintf("%x", "48151623")) {
			t.Errorf("in the clear: %s", printed)
		}
	}
}

// drawFlow makes a flow of random nodes. Where sound is set most of them have no fault.
func drawFlow(t *rapid.T, sane bool) Flow {
	n := rapid.IntRange(1, 12).Draw(t, "nodes")
	f := Flow{Start: "n0", Fallback: Fallback{Prompt: "p"}}
	if rapid.Bool().Draw(t, "queue") {
		f.Fallback.Queue = "q"
	}
	id := func(i int) NodeID { return NodeID(fmt.Sprint("n", i)) }
	for i := range n {
		on := func() NodeID { // onwards only, so that nothing goes in circles unheard
			if sane {
				return id(rapid.IntRange(min(i+1, n-1), n-1).Draw(t, "on"))
			}
			return id(rapid.IntRange(0, n).Draw(t, "on"))
		}
		any := func() NodeID { return id(rapid.IntRange(0, n-1).Draw(t, "any")) }
		node := Node{ID: id(i)}
		kind := rapid.IntRange(0, 12).Draw(t, "kind")
		if i == n-1 && sane {
			kind = 12
		}
		switch kind {
		case 0:
			node.Play = &Play{"p", on()}
		case 1:
			node.Menu = &Menu{Prompt: "p", Choices: map[string]NodeID{"1": any(), "2": any()}, Wait: 3, Tries: rapid.IntRange(1, 3).Draw(t, "tries"), Otherwise: on()}
		case 2:
			node.Collect = &Collect{Prompt: "p", Name: "digits", Min: 2, Max: 4, Wait: 3, Tries: 2, Next: any(), Otherwise: on()}
		case 3:
			node.Hours = &Hours{Calendar: "c", Open: on(), Closed: on()}
		case 4:
			node.Condition = &Condition{Of: OfCaller, Test: BeginsAny, Values: []string{"+81"}, Yes: on(), No: on()}
		case 5:
			node.Attribute = &Attribute{Name: "colour", Value: "red", Next: on()}
		case 6:
			node.Level = &SetLevel{sekisho.LevelNone, on()}
		case 7:
			node.Queue = &Queue{Queue: "q", Most: 60, Overflow: any()}
		case 8:
			node.Callback = &Callback{"q", "p", on()}
		case 9:
			node.Voicemail = &Voicemail{"q", "p", 60, on()}
		case 10:
			node.Transfer = &Transfer{outside, 20, any()}
		case 11:
			node.Lookup = &Lookup{Hook: "h", Takes: []string{"rank"}, Found: on(), Failed: on()}
		case 12:
			node.Hangup = &Hangup{rapid.SampledFrom([]sekisho.PromptID{"", "p"}).Draw(t, "words")}
		}
		f.Nodes = append(f.Nodes, node)
	}
	if rapid.Bool().Draw(t, "asks") {
		f.Survey = "s"
		f.Nodes = append(f.Nodes, Node{ID: "s", Survey: &Survey{Wait: 3, Next: id(n - 1), Questions: []Question{{"q1", "p", 1, 5}}}})
	}
	if !sane {
		return f
	}
	c := &checking{flow: f, nodes: map[NodeID]*Node{}}
	c.ids()
	seen := map[NodeID]bool{}
	c.follow(f.Start, seen)
	c.follow(f.Survey, seen)
	f.Nodes = slices.DeleteFunc(f.Nodes, func(n Node) bool { return !seen[n.ID] })
	return f
}

// walk lets random things happen, in any order, and then nothing any more. At no
// moment is the call left without a wait, a talk or an end.
func walk(t *rapid.T, f Flow) {
	m := Begin(f, Facts{Caller: calls.Number(rapid.SampledFrom([]string{"", "+819012345678"}).Draw(t, "caller")), Calendars: map[CalendarID]Calendar{"c": week()}})
	var wait Wait
	hung := 0
	take := func(e Event) {
		e.At = wednesday(10)
		before := m.Talking()
		steps := m.Take(e)
		for i, s := range steps {
			w, waits := WaitOf(s)
			if waits {
				if wait = w; w.Most <= 0 || i != len(steps)-1 {
					t.Fatalf("%+v waits for ever, or not last", s)
				}
			}
			if _, hangs := s.(HangStep); hangs {
				if hung++; i != len(steps)-1 {
					t.Fatal("something after the end")
				}
			}
		}
		cause, over := m.Ended()
		if over && (cause == "" || m.Talking()) || !over && !m.Talking() && m.wait != wait.ID && m.phase != idle || hung > 1 {
			t.Fatalf("after %+v: over %v (%s), talking %v, before %v", e, over, cause, m.Talking(), before)
		}
	}
	take(Event{Kind: Started})
	for range rapid.IntRange(0, 60).Draw(t, "events") {
		kind := EventKind(rapid.IntRange(0, int(Talked)).Draw(t, "kind"))
		late := rapid.SampledFrom([]int{0, 0, 0, 0, 1, -1, 7}).Draw(t, "late")
		take(Event{Kind: kind, Wait: wait.ID - late, Key: calls.Digit(rapid.SampledFrom([]byte("12*#59\x00\xff")).Draw(t, "key")), Values: map[string]string{"rank": "gold"}})
	}
	for range 40 * MaxSteps {
		if _, over := m.Ended(); over {
			return
		}
		if m.Talking() {
			take(Event{Kind: Talked})
		} else {
			take(Event{Kind: Timeout, Wait: wait.ID})
		}
	}
	t.Fatalf("does not end: %+v", f)
}

func TestNoPublishedFlowLoopsOrStopsWithoutAnOutcome(t *testing.T) {
	good := 0
	rapid.Check(t, func(t *rapid.T) {
		f := drawFlow(t, true)
		if len(Check(f, all())) > 0 {
			return
		}
		good++
		m := Begin(f, Facts{Calendars: map[CalendarID]Calendar{"c": week()}})
		for _, s := range m.Take(Event{Kind: Started, At: wednesday(10)}) {
			if fault, failed := s.(FaultStep); failed {
				t.Fatalf("a flow without a fault failed: %+v", fault)
			}
		}
		walk(t, f)
	})
	if good < 60 {
		t.Errorf("only %d flows were without a fault", good)
	}
}

// A flow that was never checked cannot make a call silent either.
func TestNotEvenABadFlowLeavesACallerInSilence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { walk(t, drawFlow(t, false)) })
}

func BenchmarkWalk(b *testing.B) {
	f, calendars := reception(), map[CalendarID]Calendar{"c": week()}
	for b.Loop() {
		m := Begin(f, Facts{Caller: "+819012345678", Calendars: calendars})
		m.Take(Event{Kind: Started, At: wednesday(10)})
		m.Take(Event{Kind: Digit, Wait: 1, Key: '2'})
		m.Take(Event{Kind: Answered, Wait: 2})
		m.Take(Event{Kind: HungUp})
	}
}
