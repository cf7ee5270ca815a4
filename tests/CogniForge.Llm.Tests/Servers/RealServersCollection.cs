extern alias apphost;

namespace CogniForge.Llm.Tests.Servers;

/// <summary>The tests that share <see cref="RealServers"/>.</summary>
[CollectionDefinition(Name)]
public sealed class RealServersCollection : ICollectionFixture<RealServers>
{
    public const string Name = "real servers";
}
