using System.Globalization;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.RabbitMQ;

/// <summary>RabbitMQ as a process of this machine. Everything listens on loopback: AMQP, management, Erlang's distribution, and a port mapper of its own.</summary>
internal sealed class RabbitMQLocalServer : LocalServerAnnotation
{
    // The distribution's own start script first: Debian's wrapper on the PATH insists on its system user and folders.
    private static readonly Installation Broker = new(
        "rabbitmq-server",
        ["/usr/lib/rabbitmq/lib/*/sbin", "/usr/lib/rabbitmq/bin", "/opt/homebrew/opt/rabbitmq/sbin", "/usr/local/opt/rabbitmq/sbin"],
        "rabbitmq-server",
        ("brew", "rabbitmq"),
        ("pacman", "rabbitmq"));

    public override async Task<LaunchPlan> PrepareAsync(LocalServerContext context, CancellationToken cancellationToken)
    {
        var program = Broker.Find();
        var data = context.DataFolder(RabbitMQBuilderExtensions.DataTarget);
        Folders.Create(data);
        var management = context.Ports.TryGetValue("management", out var port) ? port : (int?)null;
        var configuration = Path.Combine(context.Folder, "rabbitmq.conf");
        var plugins = Path.Combine(context.Folder, "enabled_plugins");
        await Folders.WriteSecretAsync(configuration, Configuration(context, management), cancellationToken).ConfigureAwait(false);
        await File.WriteAllTextAsync(plugins, management is null ? "[]." : "[rabbitmq_management].", cancellationToken).ConfigureAwait(false);

        var mapperPort = Ports.Free().ToString(CultureInfo.InvariantCulture);
        var environment = new Dictionary<string, string>
        {
            ["HOME"] = data,
            ["RABBITMQ_CONFIG_FILE"] = configuration,
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins,
            ["RABBITMQ_MNESIA_BASE"] = Path.Combine(data, "mnesia"),
            ["RABBITMQ_LOG_BASE"] = Path.Combine(context.Folder, "log"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_PID_FILE"] = Path.Combine(context.Folder, "pid"),
            ["RABBITMQ_NODENAME"] = $"{context.Resource.Name}@localhost",
            ["RABBITMQ_DIST_PORT"] = Ports.Free().ToString(CultureInfo.InvariantCulture),
            ["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(context.Folder, "no-rabbitmq-env.conf"),
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
            // Makes the start script become the broker, which then gets the signals itself.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
            ["ERL_EPMD_PORT"] = mapperPort,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
        };
        // Erlang would leave a port mapper behind as a daemon; one that is there already ends with the broker.
        return Executables.FindOnPath("epmd") is { } mapper
            ? new LaunchPlan("/bin/sh", ["-c", "\"$0\" & exec \"$1\"", mapper, program], data) { Shown = [program], Environment = environment }
            : new LaunchPlan(program, [], data) { Environment = environment };
    }

    private static string Configuration(LocalServerContext context, int? management)
    {
        var lines = new List<string>
        {
            $"default_user = {context.Environment["RABBITMQ_DEFAULT_USER"]}",
            $"default_pass = {context.Environment["RABBITMQ_DEFAULT_PASS"]}",
            "loopback_users = none",
            "disk_free_limit.absolute = 50MB",
            "log.console = true",
            "log.console.level = info",
        };
        for (var i = 0; i < Ports.Loopback.Count; i++)
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"listeners.tcp.{i + 1} = {Address(i)}:{context.Ports["tcp"]}"));
        if (management is { } port)
        {
            lines.Add("management.tcp.ip = 127.0.0.1");
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"management.tcp.port = {port}"));
        }

        return string.Join('\n', lines) + "\n";

        static string Address(int index) => Ports.Loopback[index].ToString();
    }
}
