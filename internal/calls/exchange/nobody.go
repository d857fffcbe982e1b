package exchange

import (
	"sync"

	"github.com/sekisho/sekisho/internal/calls"
)

// nobody keeps the customer's part in a call that he has not answered yet.
type nobody struct {
	once  sync.Once
	ended chan struct{}
}

func newNobody() *nobody { return &nobody{ended: make(chan struct{})} }

func (n *nobody) Take(calls.Frame)       {}
func (n *nobody) Codec() calls.Codec     { return calls.PCMU }
func (n *nobody) Listen(calls.Sink)      {}
func (n *nobody) Hang(calls.Cause)       { n.once.Do(func() { close(n.ended) }) }
func (n *nobody) Ended() <-chan struct{} { return n.ended }
func (n *nobody) Cause() calls.Cause     { return calls.Cancelled }
func (n *nobody) Quality() calls.Quality { return calls.Quality{} }
