import type { SnippetGroup } from './snippet.ts';

/** Settings: how each was read. Every language says the same classes by the same rules. */
export const settingSnippets: readonly SnippetGroup[] = [
  {
    id: 'settings',
    title: 'How settings were read',
    lightsUp:
      'whether each machine runs with what was meant: flags that were misread, a digest in place of a value, machines that disagree',
    metrics: ['app_setting_info'],
    code: {
      node: `// How a setting was read, never its value. \`parsed\`: what the process made of a flag; leave it out where it is none.
const settingInfo = new Gauge({ name: 'app_setting_info', help: 'How a setting was read.', labelNames: ['setting', 'parsed', 'looks'] });
const LITERALS = ['true', '1', 'yes', 'on', 'false', '0', 'no', 'off'];

function tellSetting(setting, parsed) {
  const text = process.env[setting]?.trim().toLowerCase();
  const isFlag = parsed !== undefined;
  let looks = 'ok';
  if (text === '') looks = 'empty';
  else if (/^[0-9a-f]{16,64}$/.test(text ?? '')) looks = 'digest';
  else if (isFlag && text !== undefined && !LITERALS.includes(text)) looks = 'unparsable';
  settingInfo.set({ setting, parsed: text === undefined ? 'unset' : isFlag ? String(parsed) : 'other', looks }, 1);
}
tellSetting('SUSPEND_REDIS', settings.suspendRedis);
tellSetting('LIMITER_SYNC_SECONDS');`,
      python: `import re

# How a setting was read, never its value. \`parsed\`: what the process made of a flag; leave it out where it is none.
SETTING_INFO = Gauge("app_setting_info", "How a setting was read.", ["setting", "parsed", "looks"])
LITERALS = {"true", "1", "yes", "on", "false", "0", "no", "off"}


def tell_setting(setting, parsed=None):
    text = os.environ.get(setting)
    text = None if text is None else text.strip().lower()
    looks = "ok"
    if text == "":
        looks = "empty"
    elif re.fullmatch(r"[0-9a-f]{16,64}", text or ""):
        looks = "digest"
    elif parsed is not None and text is not None and text not in LITERALS:
        looks = "unparsable"
    word = "unset" if text is None else "other" if parsed is None else str(parsed).lower()
    SETTING_INFO.labels(setting=setting, parsed=word, looks=looks).set(1)


tell_setting("SUSPEND_REDIS", settings.suspend_redis)
tell_setting("LIMITER_SYNC_SECONDS")`,
      go: `// How a setting was read, never its value. parsed: what the process made of a flag; nil where it is none.
var (
	settingInfo = promauto.NewGaugeVec(
		prometheus.GaugeOpts{Name: "app_setting_info", Help: "How a setting was read."},
		[]string{"setting", "parsed", "looks"})
	digest   = regexp.MustCompile("^[0-9a-f]{16,64}$")
	literals = []string{"true", "1", "yes", "on", "false", "0", "no", "off"}
)

func tellSetting(setting string, parsed *bool) {
	text, isSet := os.LookupEnv(setting)
	text = strings.ToLower(strings.TrimSpace(text))
	looks, word := "ok", "other"
	switch {
	case isSet && text == "":
		looks = "empty"
	case digest.MatchString(text):
		looks = "digest"
	case parsed != nil && isSet && !slices.Contains(literals, text):
		looks = "unparsable"
	}
	if !isSet {
		word = "unset"
	} else if parsed != nil {
		word = strconv.FormatBool(*parsed)
	}
	settingInfo.WithLabelValues(setting, word, looks).Set(1)
}

// tellSetting("SUSPEND_REDIS", &settings.SuspendRedis)
// tellSetting("LIMITER_SYNC_SECONDS", nil)`,
      otel: `// How a setting was read, never its value. \`parsed\`: what the process made of a flag; leave it out where it is none.
const LITERALS = ['true', '1', 'yes', 'on', 'false', '0', 'no', 'off'];

function howRead(setting, parsed) {
  const text = process.env[setting]?.trim().toLowerCase();
  const isFlag = parsed !== undefined;
  let looks = 'ok';
  if (text === '') looks = 'empty';
  else if (/^[0-9a-f]{16,64}$/.test(text ?? '')) looks = 'digest';
  else if (isFlag && text !== undefined && !LITERALS.includes(text)) looks = 'unparsable';
  return { setting, parsed: text === undefined ? 'unset' : isFlag ? String(parsed) : 'other', looks };
}
gauge('app.setting.info', (observe) => {
  observe(1, howRead('SUSPEND_REDIS', settings.suspendRedis));
  observe(1, howRead('LIMITER_SYNC_SECONDS'));
});`,
    },
  },
];
