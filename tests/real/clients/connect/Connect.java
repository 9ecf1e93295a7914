import java.sql.DriverManager;

public class Connect {
    public static void main(String[] args) throws Exception {
        var port = System.getenv().getOrDefault("MYSQL_TCP_PORT", "33306");
        var url = "jdbc:mariadb://127.0.0.1:" + port + "/";
        try (var connection = DriverManager.getConnection(url, "app", "secret");
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select name, age from people")) {
            while (rows.next()) {
                System.out.println(rows.getString("name") + " " + rows.getObject("age"));
            }
        }
    }
}
