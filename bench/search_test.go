package bench

import "testing"

// The measurement itself must work: the same searches, on a small log.
func TestSearchMeasuresOnBothDatabases(t *testing.T) {
	results, err := searchSize{rows: 3000, tries: 3}.all(t.Context(), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, r := range results {
		if r.Name != "audit_search_p95_ms" || r.Value <= 0 || r.Bound == nil {
			t.Errorf("%+v", r)
		}
		seen[r.Labels["database"]]++
	}
	if want := len(searchFull.searches()); seen["sqlite"] != want || seen["postgres"] != want {
		t.Errorf("%v, want %d each", seen, want)
	}
}
