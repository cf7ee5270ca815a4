using System.Globalization;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Postgres;

/// <summary>PostgreSQL as a process of this machine, on loopback only, with the password that a container would have.</summary>
internal sealed class PostgresLocalServer : LocalServerAnnotation
{
    private static readonly Installation Postgres = new(
        "postgres",
        ["/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin"],
        "postgresql",
        ("dnf", "postgresql-server"),
        ("brew", "postgresql@17"));

    public override async Task<LaunchPlan> PrepareAsync(LocalServerContext context, CancellationToken cancellationToken)
    {
        var program = Postgres.Find();
        var user = OtherUser.For("postgres");
        var data = context.DataFolder(PostgresBuilderExtensions.DataTarget);
        if (!File.Exists(Path.Combine(data, "PG_VERSION")))
            await InitializeAsync(context, Path.Combine(Path.GetDirectoryName(program)!, "initdb"), data, user, cancellationToken).ConfigureAwait(false);

        string[] shown =
        [
            program,
            "-D", data,
            "-p", context.Ports["tcp"].ToString(CultureInfo.InvariantCulture),
            "-c", $"listen_addresses={string.Join(',', Ports.Loopback)}",
            "-c", "unix_socket_directories=",
            .. context.Arguments,
        ];
        var words = user.Run(shown);
        // SIGINT is PostgreSQL's "fast" shutdown; at SIGTERM it would wait for its clients to leave.
        return new LaunchPlan(words[0], words[1..], data) { Shown = shown, StopSignal = Signals.Interrupt };
    }

    private static async Task InitializeAsync(LocalServerContext context, string initdb, string data, OtherUser user, CancellationToken cancellationToken)
    {
        context.Logger.LogInformation("Creating the data folder of '{Name}'.", context.Resource.Name);
        Directory.CreateDirectory(data);
        var password = Path.Combine(context.Folder, "password");
        await Folders.WriteSecretAsync(password, context.Environment["POSTGRES_PASSWORD"], cancellationToken).ConfigureAwait(false);
        await user.OwnAsync(data, cancellationToken).ConfigureAwait(false);
        await user.OwnAsync(password, cancellationToken).ConfigureAwait(false);
        // A temporary data folder is not worth waiting for the disk.
        string[] haste = data.StartsWith(context.Folder, StringComparison.Ordinal) ? ["--no-sync"] : [];
        string[] locale = OperatingSystem.IsLinux() ? ["--locale=C.UTF-8"] : [];
        await OtherUser.RunToEndAsync(
            user.Run([initdb, "-D", data, "-U", context.Environment["POSTGRES_USER"], "--pwfile", password, "-E", "UTF8", .. locale, .. haste, .. context.Environment["POSTGRES_INITDB_ARGS"].Split(' ', StringSplitOptions.RemoveEmptyEntries)]),
            data,
            cancellationToken).ConfigureAwait(false);
        File.Delete(password);
    }
}
