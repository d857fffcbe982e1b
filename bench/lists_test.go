package bench

import "testing"

// The measurement itself must work: the same lists of a small centre.
func TestListsMeasure(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server")
	}
	t.Chdir("..")
	results, err := listSize{people: 20, tries: 3, bin: "bin"}.all(t.Context(), t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != len(lists)*len(pages) {
		t.Errorf("%d of %d pages", len(results), len(lists)*len(pages))
	}
	for _, r := range results {
		if r.Value <= 0 || r.Bound == nil || r.OK == false || r.Labels["bytes"] == "0" {
			t.Errorf("%+v", r)
		}
	}
}
