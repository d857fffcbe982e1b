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

func (c *checking) within(n *Node, field string, v, from, to int) {
	if v < from || v > to {
		c.fault(n.ID, field, errBounds)
	}
}

func (c *checking) named(n *Node, field string, list ...string) {
	if len(list) > maxNames || slices.ContainsFunc(list, func(s string) bool { return !nameForm.MatchString(s) }) {
		c.fault(n.ID, field, errNameForm)
	}
}

// bounds checks a node's own settings.
func (c *checking) bounds(n *Node) {
	switch n.Kind() {
	case "menu":
		c.menu(n)
	case "collect":
		c.collect(n)
	case "condition":
		c.condition(n)
	case "attribute":
		c.named(n, "name", n.Attribute.Name)
		if (n.Attribute.Value == "") == (n.Attribute.From == "") || !wire.ValidText(n.Attribute.Value, maxValue) {
			c.fault(n.ID, "value", errValue)
		}
	case "level":
		if !n.Level.Level.Valid() {
			c.fault(n.ID, "level", errLevel)
		}
	case "queue":
		c.within(n, "most", n.Queue.Most, 1, maxWait)
		c.within(n, "priority", n.Queue.Priority, 0, 9)
	case "voicemail":
		c.within(n, "most", n.Voicemail.Most, 5, 300)
	case "transfer":
		c.within(n, "wait", n.Transfer.Wait, 5, 120)
	case "lookup":
		c.named(n, "takes", n.Lookup.Takes...)
		c.named(n, "collected", n.Lookup.Collected...)
		c.named(n, "attributes", n.Lookup.Attributes...)
	case "survey":
		c.survey(n)
	}
}

func (c *checking) menu(n *Node) {
	c.within(n, "wait", n.Menu.Wait, 1, 60)
	c.within(n, "tries", n.Menu.Tries, 1, maxTries)
	c.within(n, "choices", len(n.Menu.Choices), 1, 12)
	for key := range n.Menu.Choices {
		if len(key) != 1 || !strings.Contains("0123456789*#", key) {
			c.fault(n.ID, "choices", errKey)
		}
	}
}

func (c *checking) collect(n *Node) {
	c.within(n, "wait", n.Collect.Wait, 1, 60)
	c.within(n, "tries", n.Collect.Tries, 1, maxTries)
	c.within(n, "min", n.Collect.Min, 1, maxDigits)
	c.within(n, "max", n.Collect.Max, max(1, n.Collect.Min), maxDigits)
	c.named(n, "name", n.Collect.Name)
	if e := n.Collect.End; e != "" && e != "#" && e != "*" {
		c.fault(n.ID, "end", errKey)
	}
}

func (c *checking) survey(n *Node) {
	c.within(n, "wait", n.Survey.Wait, 1, 60)
	c.within(n, "questions", len(n.Survey.Questions), 1, maxQuestions)
	for _, q := range n.Survey.Questions {
		c.named(n, "questions", q.Name)
		c.within(n, "from", q.From, 0, 9)
		c.within(n, "to", q.To, q.From, 9)
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
