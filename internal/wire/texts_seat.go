package wire

// textsSeat are the messages about the seat at the issued PC: its camera, its
// sleep, the logins that were refused there.
var textsSeat = map[string]Text{
	"camera.not_present": {"このカメラは、このPCに見つかりません。", "PCにつないだカメラを選び、つなぎ直してから、もう一度お試しください。", "The system of this PC has no such camera.", "Choose a camera that is connected to this PC, connect it anew and try again."},
}
