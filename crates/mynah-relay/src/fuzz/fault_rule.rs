use crate::FaultRule;

/// Fuzz target: reads a text as a rule for a fault, or as several, and panics unless the rule is the same in JSON.
pub fn fault_rule(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let one = text.parse::<FaultRule>().map(|rule| vec![rule]);
    for rules in [one, FaultRule::list(&text)].into_iter().flatten() {
        let json = serde_json::to_string(&rules).unwrap_or_default();
        assert_eq!(FaultRule::list(&json), Ok(rules), "{json}");
    }
}
