package app

import "testing"

func TestChangesNeverWaitAndKeepTheLatest(t *testing.T) {
	c := newChanges()
	slow, cancel := c.Subscribe("p")
	other, cancelOther := c.Subscribe("q")
	defer cancelOther()
	for range 100 { // far more than a listener's room; it must not block
		c.tell("p", "records.changed", nil)
	}
	var last uint64
	for len(slow) > 0 {
		last = (<-slow).Seq
	}
	if last != 100 {
		t.Errorf("the latest change is %d, want 100", last)
	}
	if len(other) != 0 {
		t.Error("somebody heard of what concerns another")
	}
	cancel()
	c.tell("p", "records.changed", nil)
	if len(slow) != 0 {
		t.Error("told after it was cancelled")
	}
}
