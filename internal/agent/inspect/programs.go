package inspect

// Programs that let somebody else see or steer this PC. The system's own helper
// for support (Quick Assist) counts: it does the same.
var remoteControl = programs{
	"teamviewer": "TeamViewer", "teamviewerd": "TeamViewer", "teamviewer_service": "TeamViewer", "anydesk": "AnyDesk", "rustdesk": "RustDesk",
	"remoting_host": "Chrome Remote Desktop", "chrome-remote-desktop-host": "Chrome Remote Desktop", "chrome-remote-de": "Chrome Remote Desktop",
	"splashtopstreamer": "Splashtop", "srservice": "Splashtop", "srstreamer": "Splashtop", "sragent": "Splashtop", "logmein": "LogMeIn", "lmiguardiansvc": "LogMeIn",
	"dwagent": "DWService", "dwagsvc": "DWService", "supremo": "Supremo", "ammyy": "Ammyy Admin", "aa_v3": "Ammyy Admin", "screenconnect.clientservice": "ScreenConnect",
	"winvnc": "VNC", "winvnc4": "VNC", "tvnserver": "TightVNC", "vncserver": "RealVNC", "vncserver-x11-core": "RealVNC", "vncserver-x11-serviced": "RealVNC", "vncserver-x11-c": "RealVNC",
	"x11vnc": "x11vnc", "x0vncserver": "TigerVNC", "wayvnc": "wayvnc", "krfb": "Krfb", "vino-server": "Vino", "gnome-remote-desktop-daemon": "GNOME Remote Desktop", "gnome-remote-de": "GNOME Remote Desktop",
	"xrdp": "xrdp", "xrdp-sesman": "xrdp", "nxserver.bin": "NoMachine", "nxnode.bin": "NoMachine", "parsecd": "Parsec", "sunshine": "Sunshine", "quickassist": "Quick Assist", "msra": "Remote Assistance",
}

// Programs that record the screen.
var screenCapture = programs{
	"obs": "OBS Studio", "obs64": "OBS Studio", "obs32": "OBS Studio", "bandicam": "Bandicam", "bdcam": "Bandicam", "camtasia": "Camtasia", "camtasiastudio": "Camtasia", "camrecorder": "Camtasia",
	"sharex": "ShareX", "xsplit.core": "XSplit", "simplescreenrecorder": "SimpleScreenRecorder", "simplescreenrec": "SimpleScreenRecorder", "kazam": "Kazam", "vokoscreenng": "vokoscreenNG", "vokoscreen": "vokoscreen",
	"recordmydesktop": "recordMyDesktop", "peek": "Peek", "wf-recorder": "wf-recorder", "gpu-screen-recorder": "GPU Screen Recorder", "gpu-screen-reco": "GPU Screen Recorder", "fraps": "Fraps", "ffmpeg-x11grab": "FFmpeg", "dxtory": "Dxtory",
	"apowerrec": "ApowerREC", "icecreamscreenrecorder": "Icecream", "flashbackrecorder": "FlashBack", "captura": "Captura", "screentogif": "ScreenToGif",
}

// Programs that look for viruses, on systems that do not tell themselves.
var antivirus = programs{
	"clamd": "ClamAV", "clamonacc": "ClamAV", "wdavdaemon": "Microsoft Defender", "mdatp": "Microsoft Defender", "falcon-sensor": "CrowdStrike", "falcond": "CrowdStrike",
	"ds_agent": "Trend Micro", "esets": "ESET", "oaeventd": "ESET", "savd": "Sophos", "sophos_threat_d": "Sophos", "sentinelone-agent": "SentinelOne", "sentinelone-age": "SentinelOne",
	"cbagentd": "Carbon Black", "kesl": "Kaspersky", "isecespd": "Trellix", "cortex-xdr": "Cortex XDR",
}
