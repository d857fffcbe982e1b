package wire

// textsIVR are the messages about sound files, call flows, announcements, opening
// hours and look-ups.
var textsIVR = map[string]Text{
	"sound.not_wav":   {"WAVファイルとして読み取れません。", "WAV形式で保存し直してから、もう一度選んでください。", "This is not a WAV file, or it is cut off.", "Save it as WAV and choose it again."},
	"sound.format":    {"このWAVファイルの形式は使えません。", "PCM（8、16、24ビット）かG.711で保存し直してください。", "This WAV file holds another kind of sound.", "Save it as PCM of 8, 16 or 24 bits, or as G.711."},
	"sound.rate":      {"サンプリング周波数が範囲の外です。", "8kHzから48kHzで保存し直してください。", "The sampling rate is out of range.", "Save it with 8 to 48 kHz."},
	"sound.channels":  {"チャンネルの数が正しくありません。", "モノラルかステレオで保存し直してください。", "The file has neither one channel nor two.", "Save it as mono or stereo."},
	"sound.too_long":  {"音声が長すぎます。", "決められた長さ（ガイダンスは5分）以内に短くしてください。", "The sound is too long.", "Shorten it; an announcement has five minutes at most."},
	"sound.empty":     {"音声が入っていません。", "録音できているか確かめ、もう一度選んでください。", "There is no sound in the file.", "Check the recording and choose it again."},
	"sound.too_large": {"ファイルが大きすぎます。", "音声を短くするか、モノラルの16ビットで保存し直してください。", "The file is too large.", "Shorten it, or save it as mono with 16 bits."},
}
