package ivr

import (
	"slices"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/wire"
)

// Bounds of what a node says.
const (
	maxValue  = 200 // characters of an attribute
	maxValues = 50
	maxNames  = 20

	maxWait      = 3600 // seconds
	maxTries     = 9
	maxDigits    = 32
	maxQuestions = 10
)

// bounds checks a node's own settings.
func (c *checking) bounds(n *Node) {
	within := func(field string, v, from, to int) {
		if v < from || v > to {
			c.fault(n.ID, field, errBounds)
		}
	}
	names := func(field string, list ...string) {
		if len(list) > maxNames || slices.ContainsFunc(list, func(s string) bool { return !nameForm.MatchString(s) }) {
			c.fault(n.ID, field, errNameForm)
		}
	}
	switch n.Kind() {
	case "menu":
		within("wait", n.Menu.Wait, 1, 60)
		within("tries", n.Menu.Tries, 1, maxTries)
		within("choices", len(n.Menu.Choices), 1, 12)
		for key := range n.Menu.Choices {
			if len(key) != 1 || !strings.Contains("0123456789*#", key) {
				c.fault(n.ID, "choices", errKey)
			}
		}
	case "collect":
		within("wait", n.Collect.Wait, 1, 60)
		within("tries", n.Collect.Tries, 1, maxTries)
		within("min", n.Collect.Min, 1, maxDigits)
		within("max", n.Collect.Max, max(1, n.Collect.Min), maxDigits)
		names("name", n.Collect.Name)
		if e := n.Collect.End; e != "" && e != "#" && e != "*" {
			c.fault(n.ID, "end", errKey)
		}
	case "condition":
		c.condition(n)
	case "attribute":
		names("name", n.Attribute.Name)
		if (n.Attribute.Value == "") == (n.Attribute.From == "") || !wire.ValidText(n.Attribute.Value, maxValue) {
			c.fault(n.ID, "value", errValue)
		}
	case "level":
		if !n.Level.Level.Valid() {
			c.fault(n.ID, "level", errLevel)
		}
	case "queue":
		within("most", n.Queue.Most, 1, maxWait)
		within("priority", n.Queue.Priority, 0, 9)
	case "voicemail":
		within("most", n.Voicemail.Most, 5, 300)
	case "transfer":
		within("wait", n.Transfer.Wait, 5, 120)
	case "lookup":
		names("takes", n.Lookup.Takes...)
		names("collected", n.Lookup.Collected...)
		names("attributes", n.Lookup.Attributes...)
	case "survey":
		within("wait", n.Survey.Wait, 1, 60)
		within("questions", len(n.Survey.Questions), 1, maxQuestions)
		for _, q := range n.Survey.Questions {
			names("questions", q.Name)
			within("from", q.From, 0, 9)
			within("to", q.To, q.From, 9)
		}
	}
}

func (c *checking) condition(n *Node) {
	q := n.Condition
	if !slices.Contains([]string{OfCaller, OfCalled, OfAttribute}, q.Of) || !slices.Contains([]string{IsKnown, IsOneOf, BeginsAny}, q.Test) {
		c.fault(n.ID, "test", errTest)
	}
	if q.Test != IsKnown && len(q.Values) == 0 || len(q.Values) > maxValues {
		c.fault(n.ID, "values", errBounds)
	}
	for _, v := range q.Values {
		if v == "" || !wire.ValidText(v, maxValue) {
			c.fault(n.ID, "values", errValue)
		}
	}
}

// What Check finds.
var (
	errID          = sekisho.Fail(sekisho.KindInvalid, "flow.id")
	errTwice       = sekisho.Fail(sekisho.KindInvalid, "flow.id_twice")
	errKind        = sekisho.Fail(sekisho.KindInvalid, "flow.kind")
	errNoStart     = sekisho.Fail(sekisho.KindInvalid, "flow.no_start")
	errTarget      = sekisho.Fail(sekisho.KindInvalid, "flow.missing_target")
	errDeadEnd     = sekisho.Fail(sekisho.KindInvalid, "flow.dead_end")
	errNoEnd       = sekisho.Fail(sekisho.KindInvalid, "flow.no_end")
	errUnreachable = sekisho.Fail(sekisho.KindInvalid, "flow.unreachable")
	errLoop        = sekisho.Fail(sekisho.KindInvalid, "flow.loop")
	errPrompt      = sekisho.Fail(sekisho.KindInvalid, "flow.unknown_prompt")
	errQueue       = sekisho.Fail(sekisho.KindInvalid, "flow.unknown_queue")
	errCalendar    = sekisho.Fail(sekisho.KindInvalid, "flow.unknown_calendar")
	errHook        = sekisho.Fail(sekisho.KindInvalid, "flow.unknown_lookup")
	errNumber      = sekisho.Fail(sekisho.KindInvalid, "flow.number")
	errFallback    = sekisho.Fail(sekisho.KindInvalid, "flow.fallback")
	errBounds      = sekisho.Fail(sekisho.KindInvalid, "flow.bounds")
	errKey         = sekisho.Fail(sekisho.KindInvalid, "flow.key")
	errName        = sekisho.Fail(sekisho.KindInvalid, "flow.unknown_name")
	errNameForm    = sekisho.Fail(sekisho.KindInvalid, "flow.name_form")
	errValue       = sekisho.Fail(sekisho.KindInvalid, "flow.value")
	errTest        = sekisho.Fail(sekisho.KindInvalid, "flow.test")
	errLevel       = sekisho.Fail(sekisho.KindInvalid, "flow.level")
	errSecret      = sekisho.Fail(sekisho.KindInvalid, "flow.secret")
)
