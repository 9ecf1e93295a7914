use super::{Product, ServerError, errors_of_mariadb, errors_of_mysql};

impl ServerError {
    /// All errors of a product, by ascending code, without errors of clients and errors that only
    /// appear in a server's log.
    #[must_use]
    pub const fn all(product: Product) -> &'static [Self] {
        match product {
            Product::MySql => errors_of_mysql::ERRORS,
            Product::MariaDb => errors_of_mariadb::ERRORS,
        }
    }

    /// The product's error with this number; `None` if it has none.
    ///
    /// ```
    /// use mynah_classic::tables::{Product, ServerError};
    ///
    /// let error = ServerError::by_code(Product::MySql, 1146).ok_or("no such error")?;
    /// assert_eq!((error.name, &error.sql_state.0), ("ER_NO_SUCH_TABLE", b"42S02"));
    /// # Ok::<(), &str>(())
    /// ```
    #[must_use]
    pub fn by_code(product: Product, code: u16) -> Option<&'static Self> {
        let all = Self::all(product);
        let index = all.binary_search_by_key(&code, |error| error.code);
        index.ok().and_then(|index| all.get(index))
    }

    /// The product's error with this name, which must be in upper case; `None` if it has none.
    #[must_use]
    pub fn by_name(product: Product, name: &str) -> Option<&'static Self> {
        Self::all(product).iter().find(|error| error.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_found_by_its_number_and_its_name() {
        for product in [Product::MySql, Product::MariaDb] {
            let all = ServerError::all(product);
            assert!(all.windows(2).all(|pair| pair[0].code < pair[1].code));
            for error in all {
                assert_eq!(ServerError::by_code(product, error.code), Some(error));
                assert_eq!(ServerError::by_name(product, error.name), Some(error));
            }
        }
    }

    #[test]
    fn numbers_have_their_states() {
        let state = |product, code| ServerError::by_code(product, code).map(|e| e.sql_state.0);
        for product in [Product::MySql, Product::MariaDb] {
            assert_eq!(state(product, 1045), Some(*b"28000"));
            assert_eq!(state(product, 1062), Some(*b"23000"));
            assert_eq!(state(product, 1064), Some(*b"42000"));
            assert_eq!(state(product, 1105), Some(*b"HY000"));
            assert_eq!(state(product, 999), None);
        }
        let name = |product, code| ServerError::by_code(product, code).map(|e| e.name);
        assert_eq!(name(Product::MariaDb, 1969), Some("ER_STATEMENT_TIMEOUT"));
        assert_eq!(state(Product::MariaDb, 1969), Some(*b"70100"));
        assert_eq!(name(Product::MySql, 3024), Some("ER_QUERY_TIMEOUT"));
    }
}
