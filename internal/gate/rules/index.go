package rules

import (
	"iter"

	cedar "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
)

// index keeps policies by the principal that their head names, so that a
// decision looks at those that can match. Cedar evaluates a policy's head before
// its conditions: one whose head names somebody else is neither satisfied nor in
// error, and leaving it out changes nothing (TestTheIndexChangesNothing).
type index struct {
	any   []named                     // their heads name nobody, or in another way
	heads map[cedar.EntityUID][]named // principal == X, principal in X
}

type named struct {
	id     cedar.PolicyID
	policy *cedar.Policy
}

func indexed(all *cedar.PolicySet) index {
	x := index{heads: map[cedar.EntityUID][]named{}}
	for id, p := range all.All() {
		one := named{id, p}
		switch head := (*ast.Policy)(p.AST()).Principal.(type) {
		case ast.ScopeTypeEq:
			x.heads[head.Entity] = append(x.heads[head.Entity], one)
		case ast.ScopeTypeIn:
			x.heads[head.Entity] = append(x.heads[head.Entity], one)
		default:
			x.any = append(x.any, one)
		}
	}
	return x
}

// candidates are the policies that a request of this principal can match.
type candidates struct {
	index
	of map[cedar.EntityUID]bool // the principal and everything that it is in
}

func (x index) of(entities cedar.EntityMap, principal cedar.EntityUID) candidates {
	c := candidates{x, map[cedar.EntityUID]bool{principal: true}}
	for waiting := []cedar.EntityUID{principal}; len(waiting) > 0; waiting = waiting[1:] {
		for parent := range entities[waiting[0]].Parents.All() {
			if !c.of[parent] {
				c.of[parent] = true
				waiting = append(waiting, parent)
			}
		}
	}
	return c
}

// All lists them, as cedar.Authorize asks for them.
func (c candidates) All() iter.Seq2[cedar.PolicyID, *cedar.Policy] {
	return func(yield func(cedar.PolicyID, *cedar.Policy) bool) {
		for _, one := range c.any {
			if !yield(one.id, one.policy) {
				return
			}
		}
		for uid := range c.of {
			for _, one := range c.heads[uid] {
				if !yield(one.id, one.policy) {
					return
				}
			}
		}
	}
}
