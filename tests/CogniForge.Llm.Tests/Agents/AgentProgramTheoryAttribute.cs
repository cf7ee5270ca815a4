namespace CogniForge.Llm.Tests.Agents;

/// <summary>A theory that runs an <see cref="AgentProgram"/>; skipped where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AgentProgramTheoryAttribute : TheoryAttribute
{
    public AgentProgramTheoryAttribute() =>
        Skip =
            AgentProgram.Folder is null
                ? $"{AgentProgram.Variable} is not set: ./cogniforge test sets it if npm is installed"
                : null;
}
