extern alias apphost;

namespace CogniForge.Llm.Tests.Servers;

/// <summary>The tests that share the servers.</summary>
[CollectionDefinition(Name)]
public sealed class RealServersCollection : ICollectionFixture<RealServers>
{
    public const string Name = "real servers";
}
