// `arbees config docs`: the configuration guide.

#include <fmt/format.h>

#include "app/config/config_text.h"
#include "app/config/predecessor_names.h"
#include "app/config/settings.h"

namespace arbees::app {
namespace {

constexpr std::string_view kHead =
    "# Configuration\n\n"
    "Made by `arbees config docs`; the source is `src/app/config/settings.cpp`.\n\n"
    "A value comes from the command line, else the environment, else the files given with `--config` (later ones win), "
    "else\nthe profile given with `--profile`, else it is the default. `arbees config show` prints what is in force "
    "and "
    "where it\ncame from, `arbees config check` says what is wrong, `arbees config schema` is the table as a JSON "
    "schema. "
    "Every key can be\ngiven in the environment as `ARBEES__SECTION__KEY` (`ARBEES__LIMITS__MIN_EDGE_PCT`); some have "
    "a "
    "second name, listed below.\nAn empty variable counts as unset. A key that does not exist, or a value out of "
    "range, "
    "ends the program with exit code 2.\n\n"
    "## Changing settings while it runs\n\n"
    "`kill -HUP PID` has a process read its files, its profile and its environment anew (the environment is that of "
    "its "
    "start); a\nshard also does so at the command `reload`. If everything is valid and only keys with *yes* under "
    "*reload* differ, all of them\nare taken between two events, recorded beside the decisions that follow. If "
    "anything "
    "is wrong, or another key differs,\nnothing is taken: the log says what speaks against it (`reload refused`), and "
    "trading goes on with what was in force. Live\nsessions keep the limits that a person confirmed: they take the "
    "level "
    "of the log only. `arbees log-level` changes that\nwithout a file.\n";

constexpr std::string_view kTuning = R"(
## Tuning for profit

The aim: take more of what is really there. Change one thing at a time, and let `arbees backtest --sweep key=a,b,c` over recordings of your own say what
it would have brought ([backtest](backtest.md)); figures of others' markets are none of yours ([results](results.md)).

| Look at | Then |
|---|---|
| `arbees funnel`: most end at `edge_too_small` | `limits.min_edge_pct` (2 to 4): profit is counted after exact fees, so a low edge is thin, not wrong; what it must pay for is `unwinds` and `slippage` in `arbees pnl` |
| `too_thin` | `limits.min_liquidity` down to 10: small trades pay the same fees per contract, but rounding weighs more |
| `position_limit`, `asset_limit`, `total_limit`, `venue_limit` | the limit of that name, if the money is there; each gate shrinks sizes before it refuses |
| `low_confidence` | `model.min_confidence` (0.70 to 0.80 trades seldom and well); `arbees calibrate` shows whether the model has earned trust |
| money bound for hours | `limits.min_edge_per_dollar_day`: profit for each dollar and day, so that a quick trade is preferred |
| Kalshi is polled | a key (`venues.kalshi.key_id`): books are then streamed |

`model.volatility_scaling` on and a `model.volatility_window_days` of 30 to 60 make steadier sizes.

## Tuning for safety

`--profile conservative` is the place to begin. What it sets, and what each thing protects from:

| Key | Value | Protects from |
|---|---|---|
| `limits.min_edge_pct` | 5 to 10 | profits that one tick of slippage turns into losses |
| `limits.max_position_size`, `max_asset_exposure`, `max_total_exposure` | 50 to 200, 500 to 1000, 1000 to 2000 | a fault of any kind: they are counted with fees, hedged legs not netted |
| `limits.max_daily_loss` | what a bad day may cost | everything else: trading halts until somebody resumes, and then only sells until the UTC day ends |
| `limits.unwind_budget`, `max_naked_loss` | small | legs that do not fill |
| `limits.price_staleness_secs` | 10 to 30 | old books: *lower* is safer |
| `model.trading` | false | being wrong about a probability; riskless trades go on |
| `model.min_confidence` | 0.75 and more | the same: *higher* is safer; at 0.5 and below it stops nothing |
| `limits.min_free_cash` | a reserve | a venue without cash when legs must be completed |

## Tuning for responsiveness

Prices are judged as they come, in microseconds; there is no interval to shorten. What does cost time:

| Cause | Do |
|---|---|
| a busy machine | `arbees watch` (event to request: p50, p99); a core of its own, no builds beside it; `arbees bench --live` says what the machine can do |
| the way to the venue | run near it; `arbees_stage_seconds{stage="order_to_fill"}` is the venue's time |
| split processes | a hop over the bus costs tens of microseconds: `arbees run` has none; `ipc://` endpoints are a little quicker than TCP |
| new contracts are seen late | `run.discovery_interval_secs` 5 to 10: more requests to the venues |
| shards fail over slowly | `shard.heartbeat_interval_secs` 1, `shard.timeout_secs` 3 |
| the log | `log.level = "info"`: `debug` writes a line for each price |

## Debugging

| Want | Do |
|---|---|
| more lines | `arbees log-level debug` (all processes of the folder, at once), or `ARBEES__LOG__LEVEL=debug` at the start |
| lines for programs | `log.format = "json"` |
| why one trade happened, or did not | `arbees opportunities`, then `arbees explain ID` |
| where opportunities end | `arbees funnel`; in split systems it also asks the shards that run |
| what is on the bus | `arbees zmq-listener --format compact --topic trades.`; `--format pretty` |
| what a venue sends | `arbees record --out DIR`, then `arbees books --venue NAME FILE` |
| the same again | `arbees replay session-N.journal`: same events, same decisions |
| what is in force, and why | `arbees config show` |

## Troubleshooting

| See | Cause | Do |
|---|---|---|
| exit code 2 | a wrong value, a mistyped key, two keys that meet | the message names all of them, with place and range; `arbees config check` |
| exit code 4 | a file with a secret that others may read, or live trading that is not authorised | `chmod 600 FILE`; [going live](operations.md#going-live) |
| a variable has no effect | its name is the predecessor's, or the command line or another name overrides it | `arbees config check` names the former, `config show` the origin of each value |
| no trades | edge, confidence, limits, no prices | `arbees doctor`, `arbees funnel` |
| too many losing trades | `model.*`: too much trust; or `unwinds` in `arbees pnl`: legs that fail | `model.min_confidence` up, `model.trading` off; `limits.sequential_depth` up |
| positions too small | depth, or a limit: `arbees opportunities` names what binds each size | that limit; depth cannot be configured |
| opportunities missed as `stale_book` | books older than `limits.price_staleness_secs` | mend the feed; a *higher* value trades on older prices |
| `reload refused` | as its reasons say | mend, or restart |

More: [troubleshooting](troubleshooting.md).

## Names of the predecessor

Names in the environment that the predecessor read and this program reads, too, are in the tables above. The others, and what stands for them; `arbees config
check` and `arbees doctor` tell of those that are set:

| name | here |
|---|---|
)";

std::string setting_row(const Setting& setting, const Config& defaults) {
  const auto code = [](const std::string& text) { return text.empty() ? std::string() : fmt::format("`{}`", text); };
  const auto range = setting_range(setting);
  const std::string allowed =
      range && !range->unit.empty()
          ? setting.allowed.substr(0, setting.allowed.find(' ' + range->unit)) +
                setting.allowed.substr(setting.allowed.find(' ' + range->unit) + 1 + range->unit.size())
          : setting.allowed;
  return fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", setting.key, code(setting.get(defaults, setting)),
                     allowed, range ? range->unit : std::string(), setting.is_reloadable ? "yes" : "",
                     code(setting.environment), setting.help);
}

std::string profile_rows() {
  std::string text = "\n## Profiles\n\n| key |";
  for (const Profile& profile : profiles()) text += fmt::format(" {} |", profile.name);
  text += "\n|---|";
  for (std::size_t i = 0; i < profiles().size(); ++i) text += "---|";
  text += '\n';
  for (const Setting& setting : settings()) {
    std::string row;
    bool is_set = false;
    for (const Profile& profile : profiles()) {
      std::string cell;
      for (const auto& [name, value] : profile.values) {
        if (name == setting.name()) cell = value;
      }
      is_set = is_set || !cell.empty();
      row += fmt::format(" {} |", cell);
    }
    if (is_set) text += fmt::format("| `{}` |{}\n", setting.name(), row);
  }
  return text;
}

}  // namespace

std::string config_guide() {
  const Config defaults = default_config();
  std::string text(kHead);
  std::string section;
  for (const Setting& setting : settings()) {
    if (setting.section != section) {
      section = setting.section;
      text += fmt::format(
          "\n## [{}]\n\n| key | default | allowed | unit | reload | environment | meaning "
          "|\n|---|---|---|---|---|---|---|\n",
          section);
    }
    text += setting_row(setting, defaults);
  }
  text += profile_rows();
  text += kTuning;
  for (const PredecessorName& old : predecessor_names()) text += fmt::format("| `{}` | {} |\n", old.name, old.meaning);
  return text;
}

}  // namespace arbees::app
