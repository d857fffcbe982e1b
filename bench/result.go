package bench

// Result is one figure, as build/bench.json lists it.
type Result struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"`
	Value  float64           `json:"value"` // the median, unless the name says otherwise
	Unit   string            `json:"unit"`
	Better string            `json:"better"` // "lower" or "higher"
	Low    float64           `json:"low"`    // 95 % interval, or the extremes of few runs
	High   float64           `json:"high"`
	N      int               `json:"n"`
	Bound  *float64          `json:"bound"` // null where nothing is promised
	OK     any               `json:"ok"`    // true, false or "not shown"
	Peers  []Peer            `json:"peers"`
}

// Peer is the same figure of something else, measured in the same run.
type Peer struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Ratio float64 `json:"ratio"` // ours divided by the peer's
}
