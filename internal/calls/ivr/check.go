package ivr

import (
	"slices"
	"strings"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/calls"
	"github.com/sekisho/sekisho/internal/wire"
)

// Known is what a flow may name: what there is of its client company, and what may
// be dialled. What is not in it is not there.
type Known struct {
	Prompts   map[sekisho.PromptID]bool
	Queues    map[sekisho.QueueID]bool
	Calendars map[CalendarID]bool
	Hooks     map[HookID]bool
	Numbers   map[calls.Number]bool // that flows may be put through to
}

// Fault is one thing that is wrong with a flow. Node is "" where it is the flow's;
// Field the exit or the setting; Code names the reason in both languages.
type Fault struct {
	Node  NodeID `json:"node"`
	Field string `json:"field"`
	Code  string `json:"code"`
}

// Text is the reason, in both languages.
func (f Fault) Text() wire.Text { return wire.TextOf(f.Code) }

type checking struct {
	flow   Flow
	known  Known
	nodes  map[NodeID]*Node
	faults []Fault
}

func (c *checking) fault(n NodeID, field string, err *sekisho.Error) {
	c.faults = append(c.faults, Fault{n, field, err.Code})
}

// Check gives every fault of a flow; with none of them it may be published.
func Check(f Flow, known Known) []Fault {
	if len(f.Nodes) > MaxNodes {
		return []Fault{{Code: errTooMany.Code}}
	}
	c := &checking{flow: f, known: known, nodes: map[NodeID]*Node{}}
	c.ids()
	for i := range f.Nodes {
		c.node(&f.Nodes[i])
	}
	c.names()
	c.ends()
	c.reach()
	c.loops()
	return c.faults
}

// ids notes nodes by their ids, and whether the flow's own targets are there.
func (c *checking) ids() {
	for i := range c.flow.Nodes {
		n := &c.flow.Nodes[i]
		switch {
		case !idForm.MatchString(string(n.ID)) || !wire.ValidText(n.Title, 100):
			c.fault(n.ID, "id", errID)
		case c.nodes[n.ID] != nil:
			c.fault(n.ID, "id", errTwice)
		default:
			c.nodes[n.ID] = n
		}
	}
	if c.nodes[c.flow.Start] == nil {
		c.fault("", "start", errNoStart)
	}
	if s := c.flow.Survey; s != "" && c.nodes[s] == nil {
		c.fault("", "survey", errTarget)
	}
	fall := c.flow.Fallback
	if fall.Queue != "" && !c.known.Queues[fall.Queue] {
		c.fault("", "fallback", errQueue)
	}
	if fall.Prompt == "" {
		c.fault("", "fallback", errFallback)
	} else if !c.known.Prompts[fall.Prompt] {
		c.fault("", "fallback", errPrompt)
	}
}

// node checks what can be said of one node alone.
func (c *checking) node(n *Node) {
	if n.Kind() == "" {
		c.fault(n.ID, "kind", errKind)
		return
	}
	for _, exit := range n.Exits() {
		switch {
		case exit.To == "":
			c.fault(n.ID, exit.Name, errDeadEnd)
		case c.nodes[exit.To] == nil:
			c.fault(n.ID, exit.Name, errTarget)
		}
	}
	for _, p := range n.prompts() {
		if !c.known.Prompts[p] {
			c.fault(n.ID, "prompt", errPrompt)
		}
	}
	if q, has := n.queue(); has && !c.known.Queues[q] {
		c.fault(n.ID, "queue", errQueue)
	}
	if n.Hours != nil && !c.known.Calendars[n.Hours.Calendar] {
		c.fault(n.ID, "calendar", errCalendar)
	}
	if n.Lookup != nil && !c.known.Hooks[n.Lookup.Hook] {
		c.fault(n.ID, "hook", errHook)
	}
	if n.Transfer != nil && !c.known.Numbers[n.Transfer.Number] {
		c.fault(n.ID, "number", errNumber)
	}
	c.bounds(n)
}

// follow visits all that can be reached from a node, which may be none.
func (c *checking) follow(from NodeID, seen map[NodeID]bool) {
	if c.nodes[from] == nil || seen[from] {
		return
	}
	seen[from] = true
	for _, exit := range c.nodes[from].Exits() {
		c.follow(exit.To, seen)
	}
}

// reach finds nodes that no call comes to.
func (c *checking) reach() {
	seen := map[NodeID]bool{}
	c.follow(c.flow.Start, seen)
	c.follow(c.flow.Survey, seen)
	for i := range c.flow.Nodes {
		if n := &c.flow.Nodes[i]; c.nodes[n.ID] == n && !seen[n.ID] {
			c.fault(n.ID, "", errUnreachable)
		}
	}
}

// ends finds nodes from which a call can never come to an end or to a person.
func (c *checking) ends() {
	good := map[NodeID]bool{}
	for again := true; again; {
		again = false
		for id, n := range c.nodes {
			end := slices.Contains([]string{"hangup", "callback", "transfer", "queue"}, n.Kind())
			if !good[id] && (end || slices.ContainsFunc(n.Exits(), func(e Exit) bool { return good[e.To] })) {
				good[id], again = true, true
			}
		}
	}
	for i := range c.flow.Nodes {
		if n := &c.flow.Nodes[i]; c.nodes[n.ID] == n && n.Kind() != "" && !good[n.ID] {
			c.fault(n.ID, "", errNoEnd)
		}
	}
}

// loops finds circles in which nobody is listened to: calls would run round in them.
func (c *checking) loops() {
	state := map[NodeID]int{} // 1: on the way, 2: done
	var walk func(id NodeID) bool
	walk = func(id NodeID) bool {
		n := c.nodes[id]
		if n == nil || n.listens() || state[id] == 2 {
			return false
		}
		if state[id] == 1 {
			return true
		}
		state[id] = 1
		for _, exit := range n.Exits() {
			if walk(exit.To) {
				state[id] = 2
				c.fault(id, exit.Name, errLoop)
				return false
			}
		}
		state[id] = 2
		return false
	}
	for i := range c.flow.Nodes {
		walk(c.flow.Nodes[i].ID)
	}
}

// Summary says faults in one short line for a row of the log: their codes.
func summary(faults []Fault) string {
	var codes []string
	for _, f := range faults {
		if !slices.Contains(codes, f.Code) {
			codes = append(codes, f.Code)
		}
	}
	return strings.Join(codes[:min(len(codes), 8)], " ")
}
