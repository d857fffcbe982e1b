package bench

import (
	"testing"
	"time"
)

// The measurement itself must work: the same acts, small.
func TestGroundMeasuresOnBothDatabases(t *testing.T) {
	small := groundSize{rounds: 2, round: 100 * time.Millisecond, writers: []int{1, 8}, entries: 2000}
	results, err := small.all(t.Context(), t.TempDir(), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, r := range results {
		if r.Value <= 0 || r.Low > r.Value || r.High < r.Value || r.N < 2 {
			t.Errorf("%+v", r)
		}
		seen[r.Name+" "+r.Labels["database"]+r.Labels["source"]]++
	}
	for _, want := range []string{"audit_appends_per_s sqlite", "audit_appends_per_s postgres", "audit_verify_s export", "audit_verify_s database"} {
		if seen[want] == 0 {
			t.Errorf("no %s", want)
		}
	}
}
