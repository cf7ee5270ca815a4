using System.Reflection;
using System.Text;

namespace CogniForge.ServiceDefaults.Tests.Support;

/// <summary>An assembly that embeds these SQL files.</summary>
internal sealed class SqlFiles(params (string Name, string Sql)[] files) : Assembly
{
    public override AssemblyName GetName() => new("Test.Service") { Version = new(1, 0, 0) };

    public override string[] GetManifestResourceNames() => [.. files.Select(f => $"Test.Service.Migrations.{f.Name}")];

    public override Stream? GetManifestResourceStream(string name) =>
        new MemoryStream(
            Encoding.UTF8.GetBytes(files.Single(f => name.EndsWith(f.Name, StringComparison.Ordinal)).Sql)
        );
}
