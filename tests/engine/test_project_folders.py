"""Folders of the project manager that hold something."""

from __future__ import annotations

from typing import Any

from clips import restart

from resolve_engine import failure


def filled(manager: Any) -> None:
    """The folder `Clients` with a project and a folder that holds another; neither is open."""
    assert manager.CreateFolder("Clients") is True
    assert manager.OpenFolder("Clients") is True
    assert manager.CreateProject("inside")
    assert manager.CreateFolder("Old") is True
    assert manager.OpenFolder("Old") is True
    assert manager.CreateProject("deeper")
    assert manager.GotoRootFolder() is True
    assert manager.CreateProject("outside")


def test_a_folder_goes_with_all_in_it(manager: Any) -> None:
    """As public programs clean up after themselves; what lies beside it stays, and it is gone for good."""
    filled(manager)
    assert manager.DeleteFolder("Clients") is True
    again = restart().GetProjectManager()
    assert (again.GetFolderListInCurrentFolder(), again.GetProjectListInCurrentFolder()) == ([], ["outside"])


def test_a_folder_with_the_open_project_stays_whole(manager: Any) -> None:
    """Nothing of it is deleted, also not the projects that could be."""
    filled(manager)
    assert manager.OpenFolder("Clients") is True
    assert manager.OpenFolder("Old") is True
    assert manager.LoadProject("deeper")
    assert manager.GotoRootFolder() is True
    assert manager.DeleteFolder("Clients") is False
    assert "'deeper' in it is open" in str(failure.last())
    assert manager.OpenFolder("Clients") is True
    assert (manager.GetFolderListInCurrentFolder(), manager.GetProjectListInCurrentFolder()) == (["Old"], ["inside"])
