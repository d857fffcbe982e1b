package connect

import (
	"errors"
	"fmt"
	"slices"

	"github.com/sekisho/sekisho"
	"github.com/sekisho/sekisho/internal/agent/localdoor"
	"github.com/sekisho/sekisho/internal/twin/vigil"
	"github.com/sekisho/sekisho/internal/wire"
)

var errModels = sekisho.Fail(sekisho.KindInvalid, "models.missing")

// The pinned models, in the order in which they are tried. A page gets these
// bytes or none: what is found under their names with another hash is refused.
var (
	standardModels = []wire.LocalModel{
		{Role: "detector", Name: "yunet_s_dynamic.onnx", SHA256: "daede24002cc8590f457998cc5e6c9e8b82f45f6bd969506a8913cd4ed10a2d3"},
		{Role: "embedder", Name: "mobilefacenet_foamliu_128.onnx", SHA256: "b7120c095d60094f28a4a54ba6a8bf51b297a6273fb40ef6350dfec1f63d9507"},
		{Role: "liveness", Name: "minifas_128_int8.onnx", SHA256: "fde20585635cae62ed1d41796f76b6f8bc4b92cd91ec1cf0f1bc6485d2d587a9"},
	}
	// What npm ships, converted (web/packages/face/tools). It cannot tell a picture
	// from a face: the server takes it in demonstration data alone, every screen says so.
	demoModels = []wire.LocalModel{
		{Role: "detector", Name: "demo_detector.onnx", SHA256: "e4f1f79b2023a607e32cadad47c90d3e6f75a0e32a00ea6ab5a1e19b21d71dd5"},
		{Role: "landmarks", Name: "demo_landmarks.onnx", SHA256: "f4d6aee68016ce34bd8eda89273f14760b1ff5bc9f502dd538ee19769a6f118b"},
		{Role: "embedder", Name: "demo_embedder.onnx", SHA256: "e7d30045fad26114ea27673ce1e2db85284d66c21a7a994afcbd567027672f04"},
	}
)

// StandardModels are the pins of the models that may be a key; for programs that
// fetch the files.
func StandardModels() []wire.LocalModel { return slices.Clone(standardModels) }

// DemoModels are the pins of the demonstration engine; for programs that make the files.
func DemoModels() []wire.LocalModel { return slices.Clone(demoModels) }

// engine is the models that the page runs, and what may be expected of them.
// The zero engine opens nothing.
type engine struct {
	name       string
	models     localdoor.Models
	embedder   string // SHA-256, hex: the model of every template and statement
	thresholds vigil.Thresholds
}

func (e engine) ready() bool { return e.name != "" }

// loadEngine reads the models of a folder.
func loadEngine(dir string) (engine, error) {
	standard, err := engineOf(dir, vigil.EngineStandard, standardModels)
	if err == nil {
		return standard, nil
	}
	demo, demoErr := engineOf(dir, vigil.EngineDemo, demoModels)
	if demoErr == nil {
		return demo, nil
	}
	return engine{}, errModels.Because(errors.Join(err, demoErr))
}

func engineOf(dir, name string, pins []wire.LocalModel) (engine, error) {
	models, err := localdoor.LoadModels(dir, pins)
	if err != nil {
		return engine{}, err
	}
	t, ok := vigil.ForEngine(name)
	if !ok {
		return engine{}, fmt.Errorf("connect: no thresholds for engine %q", name)
	}
	e := engine{name: name, models: models, thresholds: t}
	for _, m := range pins {
		if m.Role == "embedder" {
			e.embedder = m.SHA256
		}
	}
	return e, nil
}
