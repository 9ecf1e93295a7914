use super::{Collation, Product, collations_of_mariadb, collations_of_mysql};

impl Collation {
    /// All collations of a product, by ascending id.
    #[must_use]
    pub const fn all(product: Product) -> &'static [Self] {
        match product {
            Product::MySql => collations_of_mysql::COLLATIONS,
            Product::MariaDb => collations_of_mariadb::COLLATIONS,
        }
    }

    /// The product's collation with this id; `None` if it has none.
    ///
    /// ```
    /// use mynah_classic::tables::{Collation, Product};
    ///
    /// let collation = Collation::by_id(Product::MySql, 255).ok_or("no such collation")?;
    /// assert_eq!((collation.name, collation.max_len), ("utf8mb4_0900_ai_ci", 4));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn by_id(product: Product, id: u16) -> Option<&'static Self> {
        let all = Self::all(product);
        let index = all.binary_search_by_key(&id, |collation| collation.id);
        index.ok().and_then(|index| all.get(index))
    }

    /// The product's collation with this name, in upper or lower case; `None` if it has none. Collations of `utf8mb3`
    /// are also found by the old form of their names: `utf8_bin` is `utf8mb3_bin`.
    ///
    /// ```
    /// use mynah_classic::tables::{Collation, Product};
    ///
    /// let collation = Collation::by_name(Product::MySql, "utf8_bin").ok_or("no such collation")?;
    /// assert_eq!(collation.name, "utf8mb3_bin");
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn by_name(product: Product, name: &str) -> Option<&'static Self> {
        let new = name
            .get(..UTF8_.len())
            .filter(|old| old.eq_ignore_ascii_case(UTF8_));
        let new = new.and_then(|_| name.get(UTF8_.len()..));
        let is_it = |collation: &&Self| match new {
            Some(rest) => collation
                .name
                .strip_prefix(UTF8MB3_)
                .is_some_and(|name| name.eq_ignore_ascii_case(rest)),
            None => collation.name.eq_ignore_ascii_case(name),
        };
        Self::all(product).iter().find(is_it)
    }

    /// The default collation of the character set with this name, in upper or lower case; `utf8` is `utf8mb3`. `None`
    /// if the product doesn't have the character set.
    #[must_use]
    pub fn by_character_set(product: Product, name: &str) -> Option<&'static Self> {
        let name = if name.eq_ignore_ascii_case("utf8") {
            "utf8mb3"
        } else {
            name
        };
        let is_it = |collation: &&Self| {
            collation.is_default && collation.character_set.eq_ignore_ascii_case(name)
        };
        Self::all(product).iter().find(is_it)
    }
}

/// The old prefix of the collations that begin with [`UTF8MB3_`] today.
const UTF8_: &str = "utf8_";
const UTF8MB3_: &str = "utf8mb3_";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_collation_is_found_by_its_number_and_its_name() {
        for product in [Product::MySql, Product::MariaDb] {
            let all = Collation::all(product);
            assert!(all.len() > 280, "{product:?}: {}", all.len());
            assert!(all.windows(2).all(|pair| pair[0].id < pair[1].id));
            for collation in all {
                assert_eq!(Collation::by_id(product, collation.id), Some(collation));
                let name = collation.name.to_uppercase();
                assert_eq!(Collation::by_name(product, &name), Some(collation));
                let default = Collation::by_character_set(product, collation.character_set);
                assert!(default.is_some(), "{collation:?}");
            }
        }
    }

    #[test]
    fn utf8_is_what_utf8mb3_was_called() {
        for product in [Product::MySql, Product::MariaDb] {
            let by_name = |name| Collation::by_name(product, name).map(|found| found.name);
            assert_eq!(by_name("utf8_general_ci"), Some("utf8mb3_general_ci"));
            assert_eq!(by_name("UTF8_BIN"), Some("utf8mb3_bin"));
            assert_eq!(by_name("utf8_nope"), None);
            for name in ["utf8", "UTF8MB3"] {
                let found = Collation::by_character_set(product, name).unwrap();
                assert_eq!(found.character_set, "utf8mb3");
            }
        }
    }

    #[test]
    fn the_products_have_parted() {
        let name = |product, id| Collation::by_id(product, id).map(|collation| collation.name);
        for product in [Product::MySql, Product::MariaDb] {
            assert_eq!(name(product, 8), Some("latin1_swedish_ci"));
            assert_eq!(name(product, 63), Some("binary"));
            assert_eq!(name(product, 45), Some("utf8mb4_general_ci"));
        }
        assert_eq!(name(Product::MySql, 255), Some("utf8mb4_0900_ai_ci"));
        assert_eq!(name(Product::MariaDb, 2304), Some("utf8mb4_uca1400_ai_ci"));
        assert_eq!(name(Product::MySql, 2304), None);
    }
}
