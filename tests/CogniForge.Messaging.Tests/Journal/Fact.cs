namespace CogniForge.Messaging.Tests.Journal;

internal sealed record Fact(Guid Id, string Text);
