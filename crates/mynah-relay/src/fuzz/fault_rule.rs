use crate::FaultRule;

/// A text that may be a rule for a fault, or several: it is the same rule in JSON.
pub fn fault_rule(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let one = text.parse::<FaultRule>().map(|rule| vec![rule]);
    for rules in [one, FaultRule::list(&text)].into_iter().flatten() {
        let json = serde_json::to_string(&rules).unwrap_or_default();
        assert_eq!(FaultRule::list(&json), Ok(rules), "{json}");
    }
}
