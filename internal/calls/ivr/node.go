package ivr

import (
	"maps"
	"regexp"
	"slices"

	"github.com/sekisho/sekisho"
)

// CalendarID is one calendar of opening hours; HookID one look-up (webhook).
type (
	CalendarID string
	HookID     string
)

// Exit is one way out of a node.
type Exit struct {
	Name string // "next", "yes", "choice 1"
	To   NodeID
}

var (
	idForm   = regexp.MustCompile(`^[a-z0-9_-]{1,40}$`)
	nameForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
)

// Kind is the name of a node's kind as its JSON has it; "" if it has none or several.
func (n *Node) Kind() string {
	kind := ""
	for _, one := range [...]struct {
		name string
		set  bool
	}{
		{"play", n.Play != nil}, {"menu", n.Menu != nil}, {"collect", n.Collect != nil}, {"hours", n.Hours != nil}, {"condition", n.Condition != nil},
		{"attribute", n.Attribute != nil}, {"level", n.Level != nil}, {"queue", n.Queue != nil}, {"callback", n.Callback != nil}, {"voicemail", n.Voicemail != nil},
		{"transfer", n.Transfer != nil}, {"lookup", n.Lookup != nil}, {"survey", n.Survey != nil}, {"hangup", n.Hangup != nil},
	} {
		if one.set && kind != "" {
			return ""
		}
		if one.set {
			kind = one.name
		}
	}
	return kind
}

// Exits gives the ways out of a node, in a settled order.
func (n *Node) Exits() []Exit {
	switch n.Kind() {
	case "play":
		return []Exit{{"next", n.Play.Next}}
	case "menu":
		var out []Exit
		for _, key := range slices.Sorted(maps.Keys(n.Menu.Choices)) {
			out = append(out, Exit{"choice " + key, n.Menu.Choices[key]})
		}
		return append(out, Exit{"otherwise", n.Menu.Otherwise})
	case "collect":
		return []Exit{{"next", n.Collect.Next}, {"otherwise", n.Collect.Otherwise}}
	case "hours":
		return []Exit{{"open", n.Hours.Open}, {"closed", n.Hours.Closed}, {"holiday", n.Hours.holiday()}}
	case "condition":
		return []Exit{{"yes", n.Condition.Yes}, {"no", n.Condition.No}}
	case "attribute":
		return []Exit{{"next", n.Attribute.Next}}
	case "level":
		return []Exit{{"next", n.Level.Next}}
	case "queue":
		return []Exit{{"overflow", n.Queue.Overflow}}
	case "callback":
		return []Exit{{"withheld", n.Callback.Withheld}}
	case "voicemail":
		return []Exit{{"next", n.Voicemail.Next}}
	case "transfer":
		return []Exit{{"failed", n.Transfer.Failed}}
	case "lookup":
		return []Exit{{"found", n.Lookup.Found}, {"failed", n.Lookup.Failed}}
	case "survey":
		return []Exit{{"next", n.Survey.Next}}
	}
	return nil
}

func (h *Hours) holiday() NodeID {
	if h.Holiday == "" {
		return h.Closed
	}
	return h.Holiday
}

// listens says whether a node waits for the caller or for somebody who answers, so
// that a circle through it is no loop.
func (n *Node) listens() bool {
	switch n.Kind() {
	case "menu", "collect", "queue", "voicemail", "transfer", "survey":
		return true
	}
	return false
}

// prompts gives what a node plays; "" stands for one that is demanded and missing.
func (n *Node) prompts() []sekisho.PromptID {
	switch n.Kind() {
	case "play":
		return []sekisho.PromptID{n.Play.Prompt}
	case "menu":
		return []sekisho.PromptID{n.Menu.Prompt}
	case "collect":
		return []sekisho.PromptID{n.Collect.Prompt}
	case "callback":
		return []sekisho.PromptID{n.Callback.Prompt}
	case "voicemail":
		return []sekisho.PromptID{n.Voicemail.Prompt}
	case "lookup":
		return optional(n.Lookup.Prompt)
	case "hangup":
		return optional(n.Hangup.Prompt)
	case "survey":
		var out []sekisho.PromptID
		for _, q := range n.Survey.Questions {
			out = append(out, q.Prompt)
		}
		return out
	}
	return nil
}

func optional(p sekisho.PromptID) []sekisho.PromptID {
	if p == "" {
		return nil
	}
	return []sekisho.PromptID{p}
}

func (n *Node) queue() (sekisho.QueueID, bool) {
	switch n.Kind() {
	case "queue":
		return n.Queue.Queue, true
	case "callback":
		return n.Callback.Queue, true
	case "voicemail":
		return n.Voicemail.Queue, true
	}
	return "", false
}
