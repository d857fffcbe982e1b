package console

import (
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sekisho/sekisho/internal/wire"
)

// apiConfig is huma without what a door does not need: no pages of its own, no
// links to schemas in answers, JSON alone.
func apiConfig() huma.Config {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	registry.Schema(reflect.TypeFor[wire.Problem](), true, "Problem")
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Sekisho console", Version: "1",
				Description: "The management door of Sekisho (関所). Sessions are a __Host- cookie; requests that change something need Origin and Sec-Fetch-Site of the same origin. Errors are RFC 9457 problems in ja or en.",
			},
			Components: &huma.Components{Schemas: registry},
		},
		Formats:       map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat: "application/json",
		Transformers:  []huma.Transformer{translate},
	}
}

// OpenAPI is the description of this door (OpenAPI 3.1, JSON). It needs no
// rooms: only the shapes of what goes in and out are looked at.
func OpenAPI() []byte {
	api := (&Door{}).routes(http.NewServeMux())
	delete(api.OpenAPI().Components.Schemas.Map(), "ErrorModel") // what goes out is Problem
	delete(api.OpenAPI().Components.Schemas.Map(), "ErrorDetail")
	b, err := json.MarshalIndent(api.OpenAPI(), "", "  ")
	if err != nil {
		panic("console: " + err.Error()) // only for our own fixed types
	}
	return append(b, '\n')
}

func (d *Door) openAPI(w http.ResponseWriter, r *http.Request) {
	if _, err := d.admit(r.Context(), "GET /openapi.json"); err != nil {
		writeRefusal(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(d.description()) // the caller is gone if this fails
}
