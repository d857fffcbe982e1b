package ivr

import "slices"

// naming is what a flow collects and notes, by name.
type naming struct{ collected, open, secret map[string]bool }

func namesOf(f Flow) naming {
	out := naming{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for i := range f.Nodes {
		n := &f.Nodes[i]
		switch n.Kind() {
		case "collect":
			out.collected[n.Collect.Name] = true
		case "attribute":
			if n.Attribute.Secret {
				out.secret[n.Attribute.Name] = true
			} else {
				out.open[n.Attribute.Name] = true
			}
		case "lookup":
			for _, name := range n.Lookup.Takes {
				out.open[name] = true
			}
		case "survey":
			for _, q := range n.Survey.Questions {
				out.open[q.Name] = true
			}
		}
	}
	return out
}

// names checks that what is named is there, and that secrets stay where they may be.
func (c *checking) names() {
	known := namesOf(c.flow)
	for i := range c.flow.Nodes {
		n := &c.flow.Nodes[i]
		switch n.Kind() {
		case "attribute":
			a := n.Attribute
			switch {
			case a.From != "" && !known.collected[a.From]:
				c.fault(n.ID, "from", errName)
			case a.From != "" && !a.Secret, known.secret[a.Name] && known.open[a.Name]:
				c.fault(n.ID, "secret", errSecret)
			}
		case "condition":
			q := n.Condition
			switch {
			case q.Of != OfAttribute:
			case known.secret[q.Name]:
				c.fault(n.ID, "name", errSecret)
			case !known.open[q.Name]:
				c.fault(n.ID, "name", errName)
			}
		case "lookup":
			c.lookup(n, known)
		}
	}
}

func (c *checking) lookup(n *Node, known naming) {
	for _, name := range n.Lookup.Collected {
		if !known.collected[name] {
			c.fault(n.ID, "collected", errName)
		}
	}
	for _, name := range n.Lookup.Attributes {
		if !known.open[name] && !known.secret[name] {
			c.fault(n.ID, "attributes", errName)
		}
	}
	if slices.ContainsFunc(n.Lookup.Takes, func(name string) bool { return known.secret[name] }) {
		c.fault(n.ID, "takes", errSecret)
	}
}
