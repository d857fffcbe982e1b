//go:build !linux

package inspect

// Cameras is not known here: the browser's label alone is compared.
func Cameras() (cameras []Device, known bool) { return nil, false }
