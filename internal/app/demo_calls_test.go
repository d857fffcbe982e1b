package app

import (
	"context"
	"testing"
	"time"

	"github.com/sekisho/sekisho/internal/foundation/sound"
	"github.com/sekisho/sekisho/test/caller/telephone"
)

// TestTheDemonstrationCanBeCalled: whoever rings the demonstration's number hears
// its chime, then music, and stands in the queue.
func TestTheDemonstrationCanBeCalled(t *testing.T) {
	srv, _ := opened(t, func(s *Settings) { s.Calls.UDP, s.Calls.Bind, s.Calls.Public = "127.0.0.1:0", "127.0.0.1", "127.0.0.1" })
	waited := make(chan bool, 1)
	go func() {
		for range 200 {
			for _, q := range srv.acd.Board().Queues {
				if q.Name == "ご注文" && q.Waiting == 1 {
					waited <- true
					return
				}
			}
			select {
			case <-t.Context().Done():
			case <-time.After(50 * time.Millisecond):
			}
		}
		waited <- false
	}()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	call, err := telephone.Ring(ctx, telephone.Options{To: "sip:0312345678@" + srv.Addresses.SIP, From: "09012345678", Hold: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if !<-waited || call.Answered == 0 || call.ByThem || len(call.Heard) < 3*sound.Rate {
		t.Fatalf("%+v", call)
	}
	if level := sound.Level(call.Heard[:sound.Rate]); level < -40 {
		t.Errorf("the chime is at %.0f dB", level)
	}
}
