package grants

import "testing"

func TestLowers(t *testing.T) {
	levels := []Level{LevelNone, LevelLittle, LevelFull}
	for i, was := range levels {
		for j, next := range levels {
			if got := next.Lowers(was); got != (j < i) {
				t.Errorf("from %s to %s: %v", was, next, got)
			}
		}
	}
	if !LevelNone.Lowers("some") || Level("some").Lowers(LevelFull) {
		t.Error("what is no level is not the highest")
	}
}
